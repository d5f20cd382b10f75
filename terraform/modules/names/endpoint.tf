locals {
  # Vertex AI wants at most ten digits and no leading zero. The same id on both sides, computed, so that each
  # side knows the other's endpoint while that region is dark.
  endpoint_id = format("%d", 1000000000 + parseint(substr(sha256("${var.prefix}/${var.service}"), 0, 8), 16))
}
