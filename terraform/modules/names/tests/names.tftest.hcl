variables {
  project = "demo"
  regions = { primary = "europe-west4", dr = "europe-west1" }
  service = "diagnosis"
  side    = "dr"
}

run "names_follow_project_prefix_and_region" {
  command = plan

  assert {
    condition     = output.artifact_bucket == "demo-vdr-artifacts"
    error_message = "artifact bucket is ${output.artifact_bucket}"
  }
  assert {
    condition     = output.sides.primary.staging_bucket == "demo-vdr-staging-europe-west4"
    error_message = "primary's staging bucket is ${output.sides.primary.staging_bucket}"
  }
  assert {
    condition     = output.state_buckets == { global = "demo-vdr-tfstate-global", primary = "demo-vdr-tfstate-europe-west4", dr = "demo-vdr-tfstate-europe-west1" }
    error_message = "state buckets are ${jsonencode(output.state_buckets)}"
  }
  assert {
    condition     = output.selector.secret == "vdr-selector-diagnosis" && output.selector.database == "vdr-selector"
    error_message = "selector is ${jsonencode(output.selector)}"
  }
  assert {
    condition     = output.function_names.publish_pipelines == "vdr-publish-pipelines"
    error_message = "function is ${output.function_names.publish_pipelines}"
  }
  assert {
    condition     = output.labels == { application = "vertex-dr", service = "diagnosis", side = "dr" }
    error_message = "labels are ${jsonencode(output.labels)}"
  }
}

run "a_side_knows_the_other_sides_identities_without_asking" {
  command = plan

  assert {
    condition     = output.emails.primary.mirror_images == "vdr-primary-mirror-images@demo.iam.gserviceaccount.com"
    error_message = "primary's mirror is ${output.emails.primary.mirror_images}"
  }
  assert {
    condition     = toset(keys(output.account_ids.dr)) == toset(keys(module.entry_points.identities)) && keys(output.account_ids.primary) == keys(output.account_ids.dr)
    error_message = "dr has the identities ${join(", ", keys(output.account_ids.dr))}"
  }
}

run "the_endpoint_id_is_the_same_number_on_both_sides" {
  command = plan

  assert {
    condition     = can(regex("^[1-9][0-9]{9}$", output.endpoint_id))
    error_message = "endpoint id is ${output.endpoint_id}"
  }
  assert {
    condition     = output.sides.primary.endpoint == output.endpoint_id && output.sides.dr.endpoint == output.endpoint_id
    error_message = "sides are ${jsonencode(output.sides)}"
  }
}

run "settings_carry_the_policy_with_its_defaults" {
  command = plan

  variables {
    policy = { probe_interval_seconds = null, failures_to_act = 4 }
  }

  assert {
    condition     = jsondecode(output.settings.VERTEX_DR_POLICY).probe_interval_seconds == 5
    error_message = "policy is ${output.settings.VERTEX_DR_POLICY}"
  }
  assert {
    condition     = jsondecode(output.settings.VERTEX_DR_POLICY).failures_to_act == 4
    error_message = "policy is ${output.settings.VERTEX_DR_POLICY}"
  }
  assert {
    condition     = jsondecode(output.settings.VERTEX_DR_SIDES).primary.region == "europe-west4"
    error_message = "sides are ${output.settings.VERTEX_DR_SIDES}"
  }
  assert {
    condition     = jsondecode(output.settings.VERTEX_DR_PIPELINE) == { package = "diagnosis-training", tag = "latest", service_account = "vdr-dr-pipeline-runs@demo.iam.gserviceaccount.com" }
    error_message = "pipeline is ${output.settings.VERTEX_DR_PIPELINE}"
  }
}

run "what_belongs_to_neither_side_has_no_settings" {
  command = plan

  variables {
    side = null
  }

  assert {
    condition     = output.settings == null && !contains(keys(output.labels), "side")
    error_message = "settings are ${jsonencode(output.settings)}"
  }
}

run "one_region_for_both_sides_is_refused" {
  command = plan

  variables {
    regions = { primary = "europe-west4", dr = "europe-west4" }
  }

  expect_failures = [var.regions]
}

run "a_zone_is_not_a_region" {
  command = plan

  variables {
    regions = { primary = "europe-west4-a", dr = "europe-west1" }
  }

  expect_failures = [var.regions]
}

run "a_third_side_is_refused" {
  command = plan

  variables {
    side = "witness"
  }

  expect_failures = [var.side]
}

run "a_prefix_that_overflows_account_ids_is_refused" {
  command = plan

  variables {
    prefix = "vertex"
  }

  expect_failures = [var.prefix]
}

run "a_project_number_is_not_a_project_id" {
  command = plan

  variables {
    project = "123456789012"
  }

  expect_failures = [var.project]
}

run "a_service_with_capitals_is_refused" {
  command = plan

  variables {
    service = "Diagnosis"
  }

  expect_failures = [var.service]
}

run "a_bucket_name_that_overflows_is_refused" {
  command = plan

  variables {
    prefix  = "vdrx"
    project = "a-project-id-of-thirty-letters"
    regions = { primary = "northamerica-northeast1", dr = "southamerica-east1" }
  }

  expect_failures = [output.sides, output.state_buckets]
}

run "one_failure_does_not_decide" {
  command = plan

  variables {
    policy = { failures_to_act = 1 }
  }

  expect_failures = [var.policy]
}

run "a_policy_that_cannot_keep_its_rto_is_refused" {
  command = plan

  variables {
    policy = { probe_interval_seconds = 10, failures_to_act = 6 }
  }

  expect_failures = [var.policy]
}

run "a_probe_window_into_the_next_minute_is_refused" {
  command = plan

  variables {
    policy = { probe_window_seconds = 60 }
  }

  expect_failures = [var.policy]
}
