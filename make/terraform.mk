# Terraform by hand and in CI: plans are saved, and apply applies exactly what was planned.
ENVS ?= terraform/envs
PLANS ?= build/plans
PARALLELISM ?= 30 # most of an apply is waiting: for new service accounts, and for policies to be seen
PROJECT ?= demo

.PHONY: bootstrap plan-global plan-primary plan-dr apply publish

bootstrap: setup ## make the buckets of Terraform's state: PROJECT=my-project
	@scripts/bootstrap $(PROJECT)

plan-global: ## save the terraform plan of what belongs to neither side
plan-primary: ## save the terraform plan of primary
plan-dr: ## save the terraform plan of dr

plan-global plan-primary plan-dr: plan-%:
	@mkdir -p $(PLANS)
	@rm -f $(PLANS)/$*.tfplan
	terraform -chdir=$(ENVS)/$* init -input=false $(addprefix -backend-config=bucket=,$(STATE_BUCKET))
	terraform -chdir=$(ENVS)/$* plan -input=false -parallelism=$(PARALLELISM) -out=$(abspath $(PLANS))/$*.tfplan $(TF_PLAN_ARGS)

apply: ## apply exactly the saved plans: global, primary, dr
	@for env in global primary dr; do test -f $(PLANS)/$$env.tfplan \
	  || { echo "apply: found no $(PLANS)/$$env.tfplan; make plan-$$env saves it" >&2; exit 2; }; done
	@for env in global primary dr; do terraform -chdir=$(ENVS)/$$env apply -input=false -parallelism=$(PARALLELISM) \
	  $(abspath $(PLANS))/$$env.tfplan || exit 1; rm $(PLANS)/$$env.tfplan; done

publish: setup ## push serving images and pipeline specs to both sides
	@ENVS=$(ENVS) scripts/publish
