# Everything here sets itself up: the first target run creates .venv, later ones reuse it.
PYTHON ?= python3
VENV   ?= .venv
EXTRAS ?= lab,dev,cluster,postgres
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready

.PHONY: help setup demo test lab lessons check lint format clean

help:            ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

setup: $(READY)  ## create .venv with pinned packages (the other targets do it for you)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] <= (3, 13) else "nnkit needs Python 3.11, 3.12 or 3.13; $(PYTHON) is %d.%d. Name another one: make PYTHON=python3.12 ..." % v[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@

demo: $(READY)   ## build the lesson, grade sample submissions, show grades and feedback
	@$(BIN)/course demo

test: $(READY)   ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadscope $(ARGS)

lab: $(READY)    ## open JupyterLab at the lessons
	@$(BIN)/course lab

lessons: $(READY) ## rebuild lessons/ from solutions/
	@$(BIN)/course build

lint: $(READY)   ## ruff (lint and format) and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(READY) ## let ruff tidy the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:           ## remove .venv and caches; submissions and grades stay
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
