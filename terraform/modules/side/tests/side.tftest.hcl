mock_provider "google" {
  mock_resource "google_storage_bucket_object" {
    defaults = { bucket = "staging" }
  }
}

variables {
  bundle  = "./versions.tf" # any file; what is in it does not matter to a plan
  project = "demo"
  service = {
    models  = { diagnosis = {} }
    name    = "diagnosis"
    regions = { dr = "europe-west1", primary = "europe-west4" }
  }
  side = "primary"
}

run "every_entry_point_is_a_function_of_this_sides_region_and_identity" {
  assert {
    condition     = toset(concat(keys(module.ends), keys(module.relays), keys(module.starts))) == toset(keys(module.entry_points.functions))
    error_message = "functions are ${join(", ", concat(keys(module.ends), keys(module.relays), keys(module.starts)))}"
  }
  assert {
    condition     = output.settings.VERTEX_DR_SIDE == var.side && output.settings.VERTEX_DR_PROJECT == var.project
    error_message = "settings are ${jsonencode(output.settings)}"
  }
  assert {
    condition     = output.settings.VERTEX_DR_ASSESS_URL == module.relays["assess_regions"].url && output.settings.VERTEX_DR_FAIL_OVER_URL == module.ends["fail_over"].url
    error_message = "probes hand over to ${output.settings.VERTEX_DR_ASSESS_URL}"
  }
  assert {
    condition     = google_storage_bucket_object.bundle.name == "bundle/${filemd5(var.bundle)}.zip"
    error_message = "bundle is ${google_storage_bucket_object.bundle.name}"
  }
}

run "pipelines_of_the_other_side_let_this_sides_schedule_rest" {
  command = plan

  variables {
    pipelines_run_on = "dr"
    side             = "primary"
  }

  assert {
    condition     = local.pipelines_rest
    error_message = "primary's schedule fires while pipelines run on dr"
  }
}

run "a_side_names_the_other_without_asking_and_its_own_pipelines_fire" {
  command = plan

  variables {
    pipelines_run_on = "dr"
    side             = "dr"
  }

  assert {
    condition     = !local.pipelines_rest
    error_message = "dr's schedule rests while pipelines run on dr"
  }
  assert {
    condition     = local.other.mirror_images == "serviceAccount:vdr-primary-mirror-images@demo.iam.gserviceaccount.com"
    error_message = "the other mirror is ${local.other.mirror_images}"
  }
}

run "a_schedule_is_the_tables_until_the_service_says_another_or_none" {
  command = plan

  variables {
    service = {
      models    = {}
      name      = "diagnosis"
      regions   = { dr = "europe-west1", primary = "europe-west4" }
      schedules = { export_models = "*/5 * * * *", import_models = null }
    }
  }

  assert {
    condition     = local.functions.export_models.cron == "*/5 * * * *" && local.functions.import_models.cron == null
    error_message = "export runs at ${local.functions.export_models.cron}"
  }
  assert {
    condition     = local.functions.mirror_images.cron == module.entry_points.functions.mirror_images.schedule
    error_message = "mirror_images runs at ${local.functions.mirror_images.cron}"
  }
}

run "instances_stay_warm_only_for_an_objective_that_needs_them" {
  command = plan

  assert {
    condition     = local.functions.fail_over.limits.min_instances == 1 && !contains(keys(local.functions.probe_region.limits), "min_instances")
    error_message = "fail_over has ${jsonencode(local.functions.fail_over.limits)}"
  }
}

run "a_slow_objective_keeps_no_instance_warm" {
  command = plan

  variables {
    service = {
      models  = {}
      name    = "diagnosis"
      policy  = { rto_objective_seconds = 300 }
      regions = { dr = "europe-west1", primary = "europe-west4" }
    }
  }

  assert {
    condition     = alltrue([for function in values(local.functions) : !contains(keys(function.limits), "min_instances")])
    error_message = "fail_over has ${jsonencode(local.functions.fail_over.limits)}"
  }
  assert {
    condition     = local.functions.fail_over.limits.timeout_seconds == 120
    error_message = "fail_over has ${jsonencode(local.functions.fail_over.limits)}"
  }
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    bundle           = "./no-bundle.zip" # make package was forgotten
    pipelines_run_on = "europe-west1"    # a region is no side
  }

  expect_failures = [var.bundle, var.pipelines_run_on]
}

run "a_schedule_of_no_function_is_refused" {
  command = plan

  variables {
    service = {
      models    = {}
      name      = "diagnosis"
      regions   = { dr = "europe-west1", primary = "europe-west4" }
      schedules = { import_model = null }
    }
  }

  expect_failures = [var.service]
}
