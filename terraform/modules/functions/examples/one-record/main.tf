# What may import_models do, when does it run, who may call it?
module "functions" {
  source = "../.."
}

output "import_models" {
  description = "The record of import_models, with everything that the table leaves to its defaults."
  value       = module.functions.functions.import_models
}

output "levels" {
  description = "Where each function stands in the chain of hand-overs."
  value       = { for name, function in module.functions.functions : name => function.level }
}
