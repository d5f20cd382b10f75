resource "google_vertex_ai_endpoint" "diagnosis" {
  name         = "4242424242"
  display_name = "diagnosis ${var.step}"
  description  = "Answers predictions."
  location     = "europe-west4"
  region       = "europe-west4"
  labels       = { step = "s${var.step}" }
}
