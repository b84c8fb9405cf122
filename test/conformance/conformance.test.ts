import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canMake, casesUpTo } from "./cases/all.ts";
import type { Grade } from "./cases/case.ts";
import { gradeOfRun } from "./grade.ts";
import { judge } from "./judge.ts";
import { type OpenCase, openCase } from "./open-case.ts";
import { findReaders, prepareReaders } from "./readers/present.ts";

const CASE_TIMEOUT_MS = 900_000;

const SLOW_GRADES: readonly Grade[] = ["ci", "big"];

const grade = gradeOfRun();
const readers = await findReaders();
if (readers.missing.length > 0) {
	console.warn(`conformance: not on this machine, so not asked: ${readers.missing.join(", ")}`);
}

const cases = casesUpTo(grade);
for (const { name } of cases.filter((one) => !canMake(one)))
	console.warn(`conformance: ${name}: skipped: this Node has no zstd`);

describe("archives in the eyes of foreign readers", () => {
	let removeCompiled: () => Promise<void>;
	beforeAll(async () => {
		removeCompiled = await prepareReaders(readers);
	}, CASE_TIMEOUT_MS);
	afterAll(() => removeCompiled());

	for (const one of cases.filter(canMake)) {
		describe(one.name, { tags: one.grade === "quick" ? [] : ["slow"] }, () => {
			let opened: OpenCase;
			beforeAll(async () => {
				opened = await openCase(one);
			}, CASE_TIMEOUT_MS);
			afterAll(() => opened.close(), CASE_TIMEOUT_MS);

			const asked = readers.present.filter(
				({ reader }) => !SLOW_GRADES.includes(one.grade) || grade === "big" || reader.slow !== true,
			);
			it.each(asked.map((present) => ({ title: present.reader.name, present })))(
				"is read by $title as the source has it, or as is known of that reader",
				async ({ present }) => {
					const { verdict, problems } = await judge(one, opened, present);
					expect(verdict === "FAIL" ? problems : []).toEqual([]);
				},
				CASE_TIMEOUT_MS,
			);
		});
	}
});
