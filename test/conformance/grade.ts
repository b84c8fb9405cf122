import type { Grade } from "./cases/case.ts";

/** The grade of this run, from `ZIPFERRY_TEST_CONFORMANCE`: `small` (default), `ci`, or `big`. */
export function gradeOfRun(): Grade {
	const grade = process.env["ZIPFERRY_TEST_CONFORMANCE"] ?? "small";
	if (grade === "small" || grade === "ci" || grade === "big") return grade;
	throw new Error(`ZIPFERRY_TEST_CONFORMANCE is small, ci or big, not ${grade}`);
}
