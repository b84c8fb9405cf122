#!/usr/bin/env node
/**
 * Names the test files that have tests with the tag `slow`, by themselves or from a suite that they import.
 *
 * Told by the tag alone, Vitest imports every file there is, each in a process of its own, to find that six of seven have none.
 * Scenarios of faults are left out: the fault table goes through all of them, and in CI it follows.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const TESTS = join(PROJECT, "test");
/** The fault table goes through their scenarios. */
const IN_THE_TABLE = ["test/faults/scenario-suite.ts", "test/faults/reading/reading.test.ts"];

/** @type {Map<string, boolean>} */
const known = new Map();

/**
 * @param {string} path
 * @returns {boolean}
 */
function hasSlowTests(path) {
	const before = known.get(path);
	if (before !== undefined) return before;
	known.set(path, false); // ends a circle
	if (IN_THE_TABLE.includes(relative(PROJECT, path))) return false;
	const text = readFileSync(path, "utf8");
	const has = text.includes('"slow"') || helpersOf(path, text).some(hasSlowTests);
	known.set(path, has);
	return has;
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {string[]} Files of the tests that it imports; some tests have programs in strings, which import what is not there.
 */
function helpersOf(path, text) {
	const names = Array.from(text.matchAll(/ from "(\.[^"]+\.ts)";/g), ([, name = ""]) =>
		join(dirname(path), name),
	);
	return names.filter((name) => name.startsWith(TESTS) && existsSync(name));
}

for (const name of readdirSync(TESTS, { recursive: true, encoding: "utf8" }).sort()) {
	if (name.endsWith(".test.ts") && hasSlowTests(join(TESTS, name))) console.log(`test/${name}`);
}
