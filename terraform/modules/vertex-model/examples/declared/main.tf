# Whoever carries the alias default is deployed to the endpoint, by reconcile_models.
module "models" {
  source   = "../.."
  for_each = { diagnosis = { alias = "default", machine_type = "n1-standard-2" } }

  bucket   = "demo-vdr-staging-europe-west4"
  endpoint = "4120070961"
  name     = each.key
  serving  = each.value
}
