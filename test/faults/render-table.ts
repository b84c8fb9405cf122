import { renderCopying } from "./copying/render-copying.ts";
import type { MeasuredRow } from "./measure.ts";
import type { ReadingRow } from "./reading/measure-reading.ts";
import { renderReadings } from "./reading/render-readings.ts";
import { ELSEWHERE, NOT_PROVOKED } from "./rows.ts";
import type { Verdict } from "./verdict.ts";
import { renderWorkers } from "./workers/render-workers.ts";

const INTRODUCTION = `# Reliability

What becomes of an upload when something goes wrong, fault by fault. This page is written by \`npm run reliability\`, which puts a proxy between the program and a strict S3 server and lets every fault happen to \`zipferry upload\`: over HTTP, and over HTTPS by each of its two transports. Then the same fault, over HTTP, happens to plain \`@aws-sdk/lib-storage\` as its documentation shows it: \`new Upload({ client, params: { Bucket, Key, Body: stream } })\`, with defaults. Faults below TLS are about HTTPS only, for both. The archive has three parts, or is sent in one request where the fault says "small"; there is an older object under the key.

After every fault, whatever it is:

- Under the key is either the whole new archive, byte for byte, or what was there before. Success is reported only if the storage has confirmed size and hash.
- No incomplete upload is left that would be paid for. Where that cannot be had, because the storage refuses to remove it, the error names its id.
- It ends, in a time that \`--retry-time\` and \`--read-timeout\` set.
- It ends with one line that says what failed, and an [exit code](../README.md) that a script can branch on. No stack, no secret.

\`npm test\` has a test per line of this table (\`test/faults/\`) over HTTP, and one of each row over HTTPS by the other transport (\`test/faults/lib-storage-transport.test.ts\`); \`npm run reliability -- --check\`, which CI runs, has all lines in all three ways. Only the lines on signals are run with the default transport alone. A soak holds this as well: 200 uploads over a network where every fifth request meets a fault, 50 stopped by SIGTERM and 50 by SIGKILL at random moments (\`npm run test:soak\`).

"Hangs" means: no end within 20 seconds, where retries alone would have taken less. "Is not concerned": it never makes that request. Rows are those of the project's list of bad inputs.
`;

/** What must not happen to anybody's backup. */
const BAD: ReadonlySet<Verdict> = new Set<Verdict>([
	"published, but an upload is left",
	"reports success, but the object is missing",
	"reports success, but the object is damaged",
	"fails, an upload is left",
	"fails, though the object is there",
	"fails, a damaged object is left",
	"hangs",
	"hangs, an upload is left",
]);

/** The page, out of nothing but the rows. */
export function renderTable(rows: readonly MeasuredRow[], readings: readonly ReadingRow[]): string {
	const lines = rows.map(({ row, fault, zipferry, exitCode, differences, plain }) => {
		const outcome = [zipferry, ...differences].join("; ");
		return [`| ${row}`, fault, outcome, exitCode ?? "–", `${mark(plain)} |`].join(" | ");
	});
	return [
		INTRODUCTION,
		summary(rows),
		"",
		"| row | what goes wrong | zipferry | exit | plain lib-storage |",
		"|---|---|---|---|---|",
		...lines,
		"",
		renderReadings(readings),
		renderCopying(),
		renderWorkers(),
		"",
		"## Held by tests of their own",
		"",
		"They are about something else than one request that fails.",
		"",
		"| row | what | test |",
		"|---|---|---|",
		...ELSEWHERE.map(({ row, what, test }) => `| ${row} | ${what} | \`test/${test}\` |`),
		"",
		"## Without a test",
		"",
		...NOT_PROVOKED.map(({ row, what }) => `- ${row}: ${what}.`),
		"",
	].join("\n");
}

function mark(verdict: Verdict): string {
	return BAD.has(verdict) ? `**${verdict}**` : verdict;
}

function summary(rows: readonly MeasuredRow[]): string {
	const count = (fits: (row: MeasuredRow) => boolean) => rows.filter(fits).length;
	const published = count(({ zipferry }) => zipferry === "published");
	const plainPublished = count(({ plain }) => plain === "published" || plain === "is not concerned");
	const plainBad = count(({ plain }) => BAD.has(plain));
	const differing = count(({ differences }) => differences.length > 0);
	const alike =
		differing === 0
			? "No fault ends otherwise over HTTPS, or by the other transport."
			: `${differing} of them end otherwise over HTTPS or by the other transport; the line says how.`;
	return `${rows.length} faults: zipferry publishes the archive in spite of ${published} of them and undoes the upload, or says what is left, after the others. ${alike} Plain lib-storage publishes in ${plainPublished} cases and leaves something bad behind in ${plainBad}, in bold.`;
}
