#!/usr/bin/env node
import { runCli } from "./run-cli.js";
import { processTerminal } from "./terminal.js";

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
// What a program left open does not hold the process up once it failed.
if (process.exitCode !== 0) setTimeout(() => process.exit(), 1000).unref();
