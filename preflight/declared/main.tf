# What the three tfvars declare, with every name that follows from it: planned without provider, backend or cloud.
module "names" {
  source = "../../terraform/modules/names"

  pipeline = var.service.pipeline
  policy   = var.service.policy
  prefix   = var.service.prefix
  project  = var.project
  regions  = var.service.regions
  service  = var.service.name
  side     = "primary"
}
