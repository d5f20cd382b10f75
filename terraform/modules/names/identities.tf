locals {
  entry_points = [
    "assess_regions",
    "export_models",
    "fail_over",
    "import_models",
    "mirror_images",
    "probe_region",
    "publish_pipelines",
    "reconcile_models",
    "run_pipelines",
    "verify_replicas",
  ]

  function_names = { for entry_point in local.entry_points : entry_point => "${var.prefix}-${replace(entry_point, "_", "-")}" }

  # Two identities that are no function: who builds the functions' containers, and who a pipeline run acts as.
  accounts = concat(local.entry_points, ["builds", "pipeline_runs"])

  account_ids = {
    for side in local.sides : side => {
      for account in local.accounts : account => "${var.prefix}-${side}-${replace(account, "_", "-")}"
    }
  }
  emails = {
    for side, accounts in local.account_ids : side => {
      for account, id in accounts : account => "${id}@${var.project}.iam.gserviceaccount.com"
    }
  }
}
