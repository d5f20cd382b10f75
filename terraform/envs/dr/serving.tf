module "endpoint" {
  source = "../../modules/vertex-endpoint"

  display_name = var.service
  id           = local.place.endpoint
  labels       = module.names.labels
  project      = var.project
  region       = local.place.region
}

module "models" {
  source   = "../../modules/vertex-model"
  for_each = var.models

  bucket   = module.staging.name
  endpoint = module.endpoint.id
  name     = each.key
  serving  = each.value
}
