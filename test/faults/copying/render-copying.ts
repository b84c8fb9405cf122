import { JOIN_SCENARIOS } from "./join-scenarios.ts";
import { COPYING_SCENARIOS } from "./scenarios.ts";

const INTRODUCTION = `## Copying from a base

What becomes of \`upload --base\` when the base, or what the storage makes of it, is not what it was. Most of the archive is in the base, two ranges of it are copied, and what changed between them is sent. A mix is never published: the base is known by its version, or by its ETag, which goes with each copy and is looked at before Complete; and the archive is read back. Exit code 4 means that the base was replaced or deleted meanwhile, 7 that the archive was damaged. Whatever is said to be published was compared with the tree, entry by entry. Under the key of the base the archive is a draft first, unless the bucket keeps versions. The test of each line is in \`test/faults/copying/\`.`;

const OF_JOINS =
	"With `--join-runs` short runs are joined in temporary objects beside the archive. They are removed however the upload ends, also by a signal; if the process was killed, by the next run of the same key.";

/** The part of the page on copying. */
export function renderCopying(): string {
	const faults = COPYING_SCENARIOS.filter(({ fault }) => !fault.startsWith("nothing"));
	const published = faults.filter(({ expected }) => expected.exitCode === 0).length;
	return [
		INTRODUCTION,
		"",
		`${faults.length} faults: the archive is published in spite of ${published} of them.`,
		"",
		"| key | what goes wrong | zipferry | exit |",
		"|---|---|---|---|",
		...faults.map(
			({ inPlace, fault, expected: { end, exitCode } }) =>
				`| ${inPlace ? "the base's" : "another"} | ${fault} | ${end} | ${exitCode} |`,
		),
		"",
		OF_JOINS,
		"",
		"| what goes wrong while runs are joined | zipferry | exit |",
		"|---|---|---|",
		...JOIN_SCENARIOS.filter(({ fault }) => !fault.startsWith("nothing")).map(
			({ fault, expected: { end, exitCode } }) => `| ${fault} | ${end} | ${exitCode} |`,
		),
		"",
	].join("\n");
}
