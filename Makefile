# `make run` and `make test` are all a newcomer needs. Build output lies outside the checkout, see scripts/environment.
.DEFAULT_GOAL := help
SHELL := /bin/bash
with = . scripts/environment &&

.PHONY: help run dev build test check bench crash fuzz demo gen geo
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 8

run: build ## build what is needed and serve on http://127.0.0.1:8090
	bin/candor serve

build: ## the release program as bin/candor
	scripts/build

test: ## every test, installing what they need
	scripts/test

check: ## the fast part of the tests: format, lints, tidy, unit
	scripts/set-up
	$(with) cargo fmt --check
	$(with) cargo clippy --quiet --workspace --all-targets -- -D warnings
	$(with) cargo test --quiet --workspace --lib --bins
	$(with) cargo test --quiet -p candor-testkit --test tidy

dev: ## serve demo data from a debug build, with the dashboard reloading
	scripts/dev

demo: build ## fill a running server (or ./candor-data) with realistic traffic
	bin/candor demo

bench: ## measure speed, memory and disk
	scripts/bench

crash: ## 200 rounds of kill -9 and 50 restarts, under load
	scripts/build
	$(with) cargo run --quiet --release -p candor-bench --bin crash -- --candor bin/candor --rounds 200
	$(with) cargo run --quiet --release -p candor-bench --bin restart -- --candor bin/candor --rounds 50

fuzz: ## five minutes of hostile input for each parser
	scripts/set-up
	$(with) cargo run --quiet --release -p candor-fuzz

gen: ## rebuild generated files that are committed
	scripts/generate

geo: ## fetch a free location database (with attribution)
	scripts/fetch-geo
