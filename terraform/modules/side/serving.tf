module "endpoint" {
  source = "../vertex-endpoint"

  display_name = var.service.name
  id           = local.side.endpoint
  labels       = module.names.labels
  project      = var.project
  region       = local.side.region
}

module "models" {
  source   = "../vertex-model"
  for_each = var.service.models

  bucket   = module.staging.name
  endpoint = module.endpoint.id
  name     = each.key
  serving  = each.value
}
