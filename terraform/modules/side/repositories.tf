locals {
  repositories_iam = {
    for kind in ["images", "pipelines"] : kind => merge(concat(
      [
        for name, may in module.entry_points.identities : {
          for verb, role in may[kind].own : "${name} ${verb}" => { member = local.own[name], role = role }
        }
      ],
      [
        for name, may in module.entry_points.identities : {
          for verb, role in may[kind].other : "${name} of the other side ${verb}" => { member = local.other[name], role = role }
        }
      ],
    )...)
  }
}

module "function_containers" {
  source = "../image-repository"

  description = "Containers of the functions of ${var.side}."
  iam = merge([
    for name, may in module.entry_points.identities : {
      for verb, role in may.functions : "${name} ${verb}" => { member = local.own[name], role = role }
    }
  ]...)
  labels  = module.names.labels
  name    = module.names.function_repository
  project = var.project
  region  = local.side.region
}

module "images" {
  source = "../image-repository"

  description = "Serving images of ${var.side}."
  iam         = local.repositories_iam.images
  labels      = module.names.labels
  name        = local.side.image_repository
  project     = var.project
  region      = local.side.region
}

module "pipelines" {
  source = "../image-repository"

  description = "Compiled pipeline specs of ${var.side}."
  format      = "KFP"
  iam         = local.repositories_iam.pipelines
  labels      = module.names.labels
  name        = local.side.pipeline_repository
  project     = var.project
  region      = local.side.region
}
