import { describe, expect, it } from "vitest";
import { givenIndexes } from "../../../../src/cli/commands/shards/given-indexes.ts";

describe("givenIndexes", () => {
	it.each<[words: string[], indexes: number[]]>([
		[["3"], [3]],
		[["3-5"], [3, 4, 5]],
		[
			["5,0-1", "1-2"],
			[0, 1, 2, 5],
		],
		[["0, 2"], [0, 2]],
		[["9"], [9]],
	])("reads %j", (words, indexes) => {
		expect(givenIndexes(words, 10, { JOB_COMPLETION_INDEX: "7" })).toEqual({ indexes });
	});

	it.each<[words: string[], message: string | RegExp]>([
		[["10"], "there is no shard 10: the plan has 10 (0 to 9)"],
		[["0-999999999"], "there is no shard 999999999: the plan has 10 (0 to 9)"],
		[["5-3"], "--index 5-3 ends before it begins"],
		[["a"], '--index is a number, or several as in 3-7 or 2,5-7, not "a"'],
		[["-1"], /not "-1"$/],
		[["1.5"], /not "1\.5"$/],
		[["1,"], /not ""$/],
	])("refuses %j", (words, message) => {
		expect(() => givenIndexes(words, 10, {})).toThrow(message);
	});

	it("takes the index that Kubernetes or AWS Batch has given", () => {
		expect(givenIndexes([], 10, { JOB_COMPLETION_INDEX: "7" })).toEqual({ indexes: [7] });
		expect(givenIndexes([], 10, { AWS_BATCH_JOB_ARRAY_INDEX: "0" })).toEqual({ indexes: [0] });
	});

	it("has nothing to do where more workers were started than there are shards", () => {
		expect(givenIndexes([], 10, { JOB_COMPLETION_INDEX: "10" })).toEqual({ indexes: [], spare: 10 });
	});

	it("refuses an index of theirs that is none", () => {
		const message = 'JOB_COMPLETION_INDEX must be the index of a shard, not "x"';
		expect(() => givenIndexes([], 10, { JOB_COMPLETION_INDEX: "x" })).toThrow(message);
	});

	it("says which there are if nobody names one", () => {
		expect(() => givenIndexes([], 10, { JOB_COMPLETION_INDEX: "" })).toThrow(
			"say which shards to make, such as --index 0; the plan has 10 (0 to 9)",
		);
	});
});
