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

run "a_version_number_is_not_an_alias" {
  command = plan

  variables {
    serving = { alias = "2" }
  }

  expect_failures = [var.serving]
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

run "a_model_with_a_slash_is_refused" {
  command = plan

  variables {
    name = "models/diagnosis"
  }

  expect_failures = [var.name]
}

run "an_endpoint_path_is_not_its_id" {
  command = plan

  variables {
    endpoint = "projects/demo/locations/europe-west4/endpoints/4120070961"
  }

  expect_failures = [var.endpoint]
}
