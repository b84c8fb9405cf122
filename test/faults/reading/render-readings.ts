import type { ReadingRow } from "./measure-reading.ts";
import type { ReadingVerdict } from "./run-reading.ts";

const INTRODUCTION = `## Reading an archive

What becomes of reading when something goes wrong: \`openArchive()\`, the list of all entries, and the contents of two, of an archive whose end, directory and entries are four requests; and \`cat\` and \`extract\` of these two, as commands: of what \`extract\` leaves each file is whole. Whatever happens, what comes is right, byte for byte and of one state of the object, or there is one clear error with its exit code: 4 if there is no object, 5 if the storage refuses, 6 if the network fails despite retries, 7 if the object is no archive, damaged, or was replaced meanwhile. Nothing hangs. The tests are \`test/faults/reading/\`; \`npm run reliability -- --reading\` measures these lines alone.`;

const WORDS: Readonly<Record<ReadingVerdict, string>> = {
	read: "read",
	fails: "fails",
	"wrong bytes, and no error": "**wrong bytes, and no error**",
	hangs: "**hangs**",
};

/** The part of the page on reading. */
export function renderReadings(rows: readonly ReadingRow[]): string {
	const read = rows.filter(({ verdict }) => verdict === "read").length;
	return [
		INTRODUCTION,
		"",
		`${rows.length} faults: the archive is read in spite of ${read} of them.`,
		"",
		"| row | what goes wrong | zipferry | exit |",
		"|---|---|---|---|",
		...rows.map(
			({ row, fault, verdict, exitCode }) => `| ${row} | ${fault} | ${WORDS[verdict]} | ${exitCode ?? "–"} |`,
		),
		"",
	].join("\n");
}
