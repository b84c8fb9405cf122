import type { NamedFinding } from "../../../doctor/examine.ts";
import { type ObjectAddress, parseS3PrefixUrl } from "../../../s3/address.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { adviceInCommands } from "../../terminal/command-words.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { Interrupted } from "../../terminal/signals.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import { printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeCredentials, warnOfBucket } from "../connect-notices.ts";

type DoctorGiven = Given<typeof OUTPUT_OPTIONS & typeof CONNECT_OPTIONS, { readonly url: string }>;

export async function runDoctor({ operands, values, settings }: DoctorGiven, io: Io): Promise<number> {
	const address = parseS3PrefixUrl(operands.url);
	noticeCredentials(values, io);
	warnOfBucket(address.bucket, io);
	const { examine } = await import("../../../doctor/examine.ts");
	const findings: NamedFinding[] = [];
	try {
		const onTrial = ({ bucket, key }: ObjectAddress) =>
			io.mayLeave({
				what: `the trial object s3://${bucket}/${key}`,
				stopping: "removing the trial objects",
			});
		const onEvent = storageEvents(values, io);
		const options = { ...address, ...settings, signal: io.signal, onTrial, onEvent };
		for await (const finding of examine(options)) {
			findings.push(finding);
			const shown = values.quiet !== true || finding.status !== "pass";
			if (values.json !== true && shown) await io.stdout.print(`${describe(finding)}\n`);
		}
	} catch (error) {
		throw error instanceof Interrupted ? error.saying("the trial objects were removed") : error;
	}
	const count = (wanted: NamedFinding["status"]) => findings.filter(({ status }) => status === wanted).length;
	const [passed, warnings, failed] = [count("pass"), count("warn"), count("fail")];
	const rest = findings.some(({ final }) => final === true) ? "; the rest was not tried" : "";
	if (values.json === true)
		await printJson(io, {
			...address,
			passedCount: passed,
			warningCount: warnings,
			failedCount: failed,
			findings: findings.map(toJson),
		});
	else if (values.quiet !== true)
		writeLine(io.stderr, `${passed} passed, ${warnings} to look at, ${failed} failed${rest}`);
	if (failed === 0) return EXIT.ok;
	return findings.some(({ network }) => network === true) ? EXIT.network : EXIT.storage;
}

const NAME_WIDTH = 26;

function describe({ status, name, message, advice }: NamedFinding): string {
	const tail = advice === undefined ? "" : `: ${adviceInCommands(advice)}`;
	return printable(`${status}  ${name.padEnd(NAME_WIDTH)}${message}${tail}`);
}

function toJson({ advice, ...finding }: NamedFinding): unknown {
	return { ...finding, advice: advice && adviceInCommands(advice) };
}
