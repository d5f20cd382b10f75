module "side" {
  source = "../../modules/side"

  bundle              = var.bundle
  deletion_protection = var.deletion_protection
  pipelines_run_on    = var.pipelines_run_on
  project             = var.project
  service             = var.service
  side                = var.side
}
