import type { Argv, InferredOptionTypes } from "yargs";
import type { NamedFinding } from "../../doctor/examine.ts";
import { type ObjectAddress, parseS3PrefixUrl } from "../../s3/address.ts";
import {
	CONNECT_OPTIONS,
	type ConnectArguments,
	connectOptions,
	table,
} from "../arguments/connect-options.ts";
import { ARCHIVE_OPTIONS, operandOf, withOptions } from "../arguments/options.ts";
import { EXIT, EXIT_CODE_HELP } from "../exit-codes.ts";
import { type Action, type Io, writeLine } from "../terminal/io.ts";
import { printJson } from "../terminal/report.ts";
import { Interrupted } from "../terminal/signals.ts";
import { printable } from "../terminal/text.ts";

const DOCTOR_OPTIONS = table({
	json: ARCHIVE_OPTIONS.json,
	debug: ARCHIVE_OPTIONS.debug,
	...CONNECT_OPTIONS,
});

type DoctorArguments = InferredOptionTypes<typeof DOCTOR_OPTIONS> &
	ConnectArguments & { readonly _: readonly string[] };

export function doctorCommand(cli: Argv, io: Io, choose: (action: Action) => void): Argv {
	return cli.command(
		"doctor",
		"Try what uploads need of a bucket, and say what is wrong: doctor <s3-url>",
		(command) =>
			withOptions(command, DOCTOR_OPTIONS)
				.usage(
					"zipferry doctor <s3-url>\n\nTries every operation on a throw-away key that begins with the one in the address, and removes it.",
				)
				.example("zipferry doctor s3://my-bucket", "with keys like zipferry-doctor-3f9c…")
				.example("zipferry doctor s3://my-bucket/backups/", "where credentials may only write there")
				.epilogue(EXIT_CODE_HELP),
		(given) => choose(() => runDoctor(given as unknown as DoctorArguments, io)),
	);
}

async function runDoctor(given: DoctorArguments, io: Io): Promise<number> {
	const address = parseS3PrefixUrl(operandOf(given, "zipferry doctor s3://my-bucket/backups/"));
	const { examine } = await import("../../doctor/examine.ts");
	const findings: NamedFinding[] = [];
	try {
		const onTrial = ({ bucket, key }: ObjectAddress) => io.mayLeave(`the trial object s3://${bucket}/${key}`);
		const options = { ...address, ...connectOptions(given), signal: io.signal, onTrial };
		for await (const finding of examine(options)) {
			findings.push(finding);
			if (given.json !== true) await io.stdout.print(`${describe(finding)}\n`);
		}
	} catch (error) {
		throw error instanceof Interrupted ? error.saying("the trial objects were removed") : error;
	}
	const count = (wanted: NamedFinding["status"]) => findings.filter(({ status }) => status === wanted).length;
	const [passed, warnings, failed] = [count("pass"), count("warn"), count("fail")];
	const rest = findings.some(({ final }) => final === true) ? "; the rest was not tried" : "";
	if (given.json === true)
		await printJson(io, {
			...address,
			passedCount: passed,
			warningCount: warnings,
			failedCount: failed,
			findings,
		});
	else writeLine(io.stderr, `${passed} passed, ${warnings} to look at, ${failed} failed${rest}`);
	if (failed === 0) return EXIT.ok;
	return findings.some(({ network }) => network === true) ? EXIT.network : EXIT.storage;
}

const NAME_WIDTH = 26;

function describe({ status, name, message, advice }: NamedFinding): string {
	const tail = advice === undefined ? "" : `: ${advice}`;
	return printable(`${status}  ${name.padEnd(NAME_WIDTH)}${message}${tail}`);
}
