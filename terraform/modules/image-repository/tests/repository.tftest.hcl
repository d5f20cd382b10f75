mock_provider "google" {}

variables {
  description = "Serving images of dr."
  name        = "vdr-images"
  project     = "demo"
  region      = "europe-west1"
}

run "images_live_in_the_region_of_the_side" {
  assert {
    condition     = google_artifact_registry_repository.images.format == "DOCKER" && google_artifact_registry_repository.images.location == "europe-west1"
    error_message = "a ${google_artifact_registry_repository.images.format} repository in ${google_artifact_registry_repository.images.location}"
  }
  assert {
    condition     = length(google_artifact_registry_repository.images.cleanup_policies) == 0
    error_message = "a cleanup policy would delete what models refer to by digest"
  }
}

run "readers_read_and_writers_write" {
  variables {
    iam = {
      "other reads" = { member = "serviceAccount:other@demo.iam.gserviceaccount.com", role = "roles/artifactregistry.reader" }
      "own writes"  = { member = "serviceAccount:own@demo.iam.gserviceaccount.com", role = "roles/artifactregistry.writer" }
    }
  }

  assert {
    condition = { for name, grant in google_artifact_registry_repository_iam_member.grant : name => grant.role } == {
      "other reads" = "roles/artifactregistry.reader"
      "own writes"  = "roles/artifactregistry.writer"
    }
    error_message = "grants are ${jsonencode({ for name, grant in google_artifact_registry_repository_iam_member.grant : name => grant.role })}"
  }
}

run "pipeline_specs_have_a_format_of_their_own" {
  variables {
    format = "KFP"
  }

  assert {
    condition     = google_artifact_registry_repository.images.format == "KFP"
    error_message = "format is ${google_artifact_registry_repository.images.format}"
  }
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    format = "docker"                                                           # an unknown format is refused
    iam    = { all = { member = "user:a@example.com", role = "roles/editor" } } # a role of another service is refused
    name   = "vdr/images"                                                       # a name with a slash is refused
  }

  expect_failures = [var.format, var.iam, var.name]
}
