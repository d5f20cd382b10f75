module "names" {
  source = "../../modules/names"

  prefix  = var.service.prefix
  project = var.project
  regions = var.service.regions
  service = var.service.name
}
