import type { Observation } from "./observe.ts";
import type { Expected, Scenario } from "./scenario.ts";
import type { Known } from "./world.ts";

/** Everything a run did that must never happen, whatever went wrong; and where it is not as expected. */
export function violations(
	seen: Observation,
	scenario: Pick<Scenario, "expected" | "previous">,
	known: Known,
): string[] {
	if (seen.exitCode === undefined) return ["it hangs"];
	return [
		...outcomeViolations(seen, scenario),
		...outputViolations(seen, known),
		...requestViolations(seen, scenario.expected),
	];
}

/** What is under the key after a failure that changes nothing. */
const UNCHANGED = { other: "previous", same: "new", none: "none" } as const;

function* outcomeViolations(
	{ exitCode, object, uploads, stderr }: Observation,
	{ expected, previous = "other" }: Pick<Scenario, "expected" | "previous">,
): Generator<string, void, void> {
	const { leaves = "nothing", says } = expected;
	if (exitCode !== expected.exitCode)
		yield `exit code ${exitCode}, not ${expected.exitCode}: ${stderr.trim()}`;
	if (exitCode === 0) {
		if (object !== "new") yield `success, but the object under the key is: ${object}`;
		if (uploads.length > 0) yield `success, but an upload is left: ${uploads}`;
		return;
	}
	const wanted = {
		nothing: UNCHANGED[previous],
		"named-upload": UNCHANGED[previous],
		"no-object": "none",
		"unconfirmed-object": "new",
	}[leaves];
	if (object !== wanted) yield `the object under the key is: ${object}, not ${wanted}`;
	const unnamed = uploads.filter((id) => !(leaves === "named-upload" && stderr.includes(id)));
	if (unnamed.length > 0) yield `an upload is left and nobody says so: ${unnamed}`;
	if (leaves === "named-upload" && uploads.length === 0) yield "no upload is left, against expectation";
	if (says !== undefined && !says.test(stderr)) yield `it does not say ${says}: ${stderr.trim()}`;
}

/** One line for people, one JSON value for programs, and nothing in them that is nobody's business. */
function* outputViolations(seen: Observation, known: Known): Generator<string, void, void> {
	const { exitCode, stdout, stderr } = seen;
	if (exitCode !== 0 && !/^zipferry: .+\n$/.test(stderr))
		yield `not one line of error: ${JSON.stringify(stderr)}`;
	if (exitCode === 0 && stderr !== "") yield `success with words on stderr: ${JSON.stringify(stderr)}`;
	if (!isJsonLine(stdout)) yield `not one line of JSON on stdout: ${JSON.stringify(stdout)}`;
	if (exitCode === 0 && !stdout.includes(`"md5":"${known.md5}"`))
		yield `not the MD5 of the archive: ${stdout}`;
	const all = stdout + stderr;
	if (/\n\s+at .+:\d+/.test(all) || /\\n\s+at /.test(all)) yield `a stack: ${all}`;
	if (all.includes(known.secretAccessKey)) yield "the secret key";
	if (/Signature=|X-Amz-Signature|Authorization:/i.test(all)) yield `a signature: ${all}`;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
	if (/[\x00-\x09\x0b-\x1f\x7f]/.test(stderr)) yield `a control character: ${JSON.stringify(stderr)}`;
	if (stderr.includes("UnknownError") || stderr.includes("[object"))
		yield `words of a machine: ${stderr.trim()}`;
}

/** Of the archive that is sent in parts. */
const PARTS = 3;

function* requestViolations(
	{ passed, elapsedMs }: Observation,
	{ requests = {}, repeated, atLeastMs = 0 }: Expected,
): Generator<string, void, void> {
	const counts = (operation: string) => passed.filter((request) => request.operation === operation).length;
	if (repeated !== undefined && counts(repeated) <= (repeated === "UploadPart" ? PARTS : 1))
		yield `${repeated} was not repeated`;
	for (const [operation, wanted] of Object.entries(requests)) {
		const count = counts(operation);
		if (count !== wanted) yield `${count} requests for ${operation}, not ${wanted}`;
	}
	if (elapsedMs < atLeastMs) yield `over after ${Math.round(elapsedMs)} ms, not after ${atLeastMs}`;
}

function isJsonLine(text: string): boolean {
	try {
		JSON.parse(text);
		return /^[^\n]+\n$/.test(text);
	} catch {
		return false;
	}
}
