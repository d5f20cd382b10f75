mock_provider "google" {}

variables {
  bucket   = "demo-vdr-staging-europe-west4"
  endpoint = "4120070961"
  name     = "diagnosis"
}

run "the_manifest_says_what_reconcile_models_reads" {
  assert {
    condition = jsondecode(google_storage_bucket_object.manifest.content) == {
      alias        = "default"
      endpoint     = "4120070961"
      machine_type = "n1-standard-2"
      max_replicas = 1
      min_replicas = 1
      model        = "diagnosis"
      schema       = 1
    }
    error_message = "manifest is ${nonsensitive(google_storage_bucket_object.manifest.content)}"
  }
  assert {
    condition     = output.manifest == "manifests/models/diagnosis.json"
    error_message = "manifest is called ${output.manifest}"
  }
}

run "a_cold_replica_is_refused" {
  command = plan

  variables {
    serving = { min_replicas = 0 }
  }

  expect_failures = [var.serving]
}

run "fewer_at_most_than_at_least_is_refused" {
  command = plan

  variables {
    serving = { min_replicas = 3, max_replicas = 2 }
  }

  expect_failures = [var.serving]
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    endpoint = "projects/demo/locations/europe-west4/endpoints/4120070961" # an endpoint path is not its id
    name     = "models/diagnosis"                                          # a model with a slash is refused
    serving  = { alias = "2" }                                             # a version number is not an alias
  }

  expect_failures = [var.endpoint, var.name, var.serving]
}
