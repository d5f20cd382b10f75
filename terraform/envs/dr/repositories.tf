module "images" {
  source = "../../modules/image-repository"

  description = "Serving images of ${var.side}."
  labels      = module.names.labels
  name        = local.place.image_repository
  project     = var.project
  readers = {
    export_models                = local.own.export_models # its catalog lists what the side holds
    import_models                = local.own.import_models # an upload needs its image
    "mirror of the other side"   = local.other.mirror_images
    "verifier of the other side" = local.other.verify_replicas
    reconcile_models             = local.own.reconcile_models
    verify_replicas              = local.own.verify_replicas
  }
  region  = local.place.region
  writers = { mirror_images = local.own.mirror_images }
}

module "pipelines" {
  source = "../../modules/image-repository"

  description = "Compiled pipeline specs of ${var.side}."
  format      = "KFP"
  labels      = module.names.labels
  name        = local.place.pipeline_repository
  project     = var.project
  readers = {
    export_models                 = local.own.export_models
    "publisher of the other side" = local.other.publish_pipelines
    "verifier of the other side"  = local.other.verify_replicas
    run_pipelines                 = local.own.run_pipelines
    verify_replicas               = local.own.verify_replicas
  }
  region  = local.place.region
  writers = { publish_pipelines = local.own.publish_pipelines }
}
