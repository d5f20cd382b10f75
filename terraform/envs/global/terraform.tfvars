project = "demo"
service = {
  name = "diagnosis"
  regions = {
    dr      = "europe-west1"
    primary = "europe-west4"
  }
}
