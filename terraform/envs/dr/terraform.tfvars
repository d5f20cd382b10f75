models = {
  diagnosis = { alias = "default", machine_type = "n1-standard-2" }
}
project = "demo"
regions = {
  dr      = "europe-west1"
  primary = "europe-west4"
}
service = "diagnosis"
side    = "dr"
