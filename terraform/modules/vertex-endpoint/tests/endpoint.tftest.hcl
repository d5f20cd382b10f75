mock_provider "google" {}

variables {
  display_name = "diagnosis"
  id           = "4120070961"
  project      = "demo"
  region       = "europe-west1"
}

run "the_endpoint_has_the_id_that_both_sides_compute" {
  assert {
    condition     = google_vertex_ai_endpoint.service.name == "4120070961" && google_vertex_ai_endpoint.service.location == "europe-west1"
    error_message = "endpoint ${google_vertex_ai_endpoint.service.name} in ${google_vertex_ai_endpoint.service.location}"
  }
  assert {
    condition     = output.id == "4120070961"
    error_message = "output is ${output.id}"
  }
}

run "an_id_with_letters_is_refused" {
  command = plan

  variables {
    id = "diagnosis"
  }

  expect_failures = [var.id]
}

run "a_leading_zero_is_refused" {
  command = plan

  variables {
    id = "0120070961"
  }

  expect_failures = [var.id]
}
