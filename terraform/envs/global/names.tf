module "names" {
  source = "../../modules/names"

  prefix  = var.service.prefix
  project = var.project
  regions = var.service.regions
  service = var.service.name
}

locals {
  # Every function of both sides as IAM policies name it: local.members["dr fail_over"].
  members = merge([
    for side, emails in module.names.emails : {
      for account, email in emails : "${side} ${account}" => "serviceAccount:${email}"
    }
  ]...)
}
