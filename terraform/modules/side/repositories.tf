module "images" {
  source = "../image-repository"

  description = "Serving images of ${var.side}."
  labels      = module.names.labels
  name        = local.place.image_repository
  project     = var.project
  iam = {
    "export_models reads"              = { member = local.own.export_models, role = "roles/artifactregistry.reader" } # its catalog lists what the side holds
    "import_models reads"              = { member = local.own.import_models, role = "roles/artifactregistry.reader" } # an upload needs its image
    "mirror_images writes"             = { member = local.own.mirror_images, role = "roles/artifactregistry.writer" }
    "mirror of the other side reads"   = { member = local.other.mirror_images, role = "roles/artifactregistry.reader" }
    "verifier of the other side reads" = { member = local.other.verify_replicas, role = "roles/artifactregistry.reader" }
    "reconcile_models reads"           = { member = local.own.reconcile_models, role = "roles/artifactregistry.reader" }
    "verify_replicas reads"            = { member = local.own.verify_replicas, role = "roles/artifactregistry.reader" }
  }
  region = local.place.region
}

module "pipelines" {
  source = "../image-repository"

  description = "Compiled pipeline specs of ${var.side}."
  format      = "KFP"
  labels      = module.names.labels
  name        = local.place.pipeline_repository
  project     = var.project
  iam = {
    "export_models reads"               = { member = local.own.export_models, role = "roles/artifactregistry.reader" }
    "publish_pipelines writes"          = { member = local.own.publish_pipelines, role = "roles/artifactregistry.writer" }
    "publisher of the other side reads" = { member = local.other.publish_pipelines, role = "roles/artifactregistry.reader" }
    "verifier of the other side reads"  = { member = local.other.verify_replicas, role = "roles/artifactregistry.reader" }
    "run_pipelines reads"               = { member = local.own.run_pipelines, role = "roles/artifactregistry.reader" }
    "verify_replicas reads"             = { member = local.own.verify_replicas, role = "roles/artifactregistry.reader" }
  }
  region = local.place.region
}
