locals {
  stem       = "${var.project}-${var.prefix}" # bucket names are one name space for the whole world
  side_names = ["dr", "primary"]

  artifact_bucket = "${local.stem}-artifacts"
  state_buckets = merge(
    { global = "${local.stem}-tfstate-global" },
    { for side in local.side_names : side => "${local.stem}-tfstate-${var.regions[side]}" },
  )

  # One repository id in both regions: an image's address differs from its replica's in the host alone.
  function_repository = "${var.prefix}-functions"
  image_repository    = "${var.prefix}-images"
  pipeline_repository = "${var.prefix}-pipelines"

  selector_database = "${var.prefix}-selector"
  selector_secret   = "${var.prefix}-selector-${var.service}"

  labels = merge(
    { application = "vertex-dr", service = var.service },
    var.side == null ? {} : { side = var.side },
  )

  sides = {
    for side in local.side_names : side => {
      endpoint            = local.endpoint_id
      image_repository    = local.image_repository
      pipeline_repository = local.pipeline_repository
      region              = var.regions[side]
      staging_bucket      = "${local.stem}-staging-${var.regions[side]}"
    }
  }
}
