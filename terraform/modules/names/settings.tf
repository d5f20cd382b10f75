locals {
  # What every function of a side, and an operator of that side, finds in the environment. The two hand-over
  # addresses are added by the side, since only the deployed functions know them.
  settings = var.side == null ? null : {
    VERTEX_DR_ARTIFACT_BUCKET = local.artifact_bucket
    VERTEX_DR_PIPELINE = jsonencode({
      package         = coalesce(var.pipeline.package, "${var.service}-training")
      service_account = local.emails[var.side].pipeline_runs
      tag             = var.pipeline.tag
    })
    VERTEX_DR_POLICY            = jsonencode(var.policy)
    VERTEX_DR_PROJECT           = var.project
    VERTEX_DR_SELECTOR_DATABASE = local.selector_database
    VERTEX_DR_SELECTOR_SECRET   = local.selector_secret
    VERTEX_DR_SERVICE           = var.service
    VERTEX_DR_SIDE              = var.side
    VERTEX_DR_SIDES             = jsonencode(local.sides)
  }
}
