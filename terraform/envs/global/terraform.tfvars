project = "demo"
regions = {
  dr      = "europe-west1"
  primary = "europe-west4"
}
service = "diagnosis"
