import { managerCommands, type PackageManager, setupSteps } from "./package-manager.js";

/** A workflow of GitHub Actions that holds every change of a connector to its tests. */
export function ciWorkflow(manager: PackageManager): string {
  const { installLocked, run } = managerCommands[manager];
  return `name: CI

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    strategy:
      matrix:
        node: ["20.19", "22", "24"]
    steps:
      - uses: actions/checkout@v4
${setupSteps(manager, `\${{ matrix.node }}`).join("\n")}
      - run: ${installLocked}
      - run: ${run("typecheck")}
      - run: ${run("test")}
      - run: ${run("build")}
      - run: ${run("check")}
`;
}
