# What dr is called, and what it knows of primary without asking it.
module "names" {
  source = "../.."

  project = "demo"
  regions = { primary = "europe-west4", dr = "europe-west1" }
  service = "diagnosis"
  side    = "dr"
}

output "other_side" {
  description = "Where primary keeps its things, computed by dr."
  value       = module.names.sides.primary
}

output "settings" {
  description = "Environment of dr's functions."
  value       = module.names.settings
}
