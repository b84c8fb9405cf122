import { afterAll, describe, expect, it } from "vitest";
import { outlivesTerminal } from "../../../src/cli/terminal/hangup.ts";
import { Program, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();
afterAll(() => stopPrograms());

const HANGUP = new URL("../../../src/cli/terminal/hangup.ts", import.meta.url);
const SCRIPT = `import { outlivesTerminal } from ${JSON.stringify(HANGUP)}; console.log(String(outlivesTerminal()))`;
const ASK = `"${process.execPath}" --import ${import.meta.resolve("tsx")} --input-type=module --eval '${SCRIPT}'`;

/** What the program makes of the way in which a line of shell starts it. */
async function startedBy(...[shell = "sh", ...args]: readonly string[]): Promise<string> {
	const { stdout } = await new Program(shell, args, { env: {}, cwd: directory.path() }).ended;
	return stdout.trim();
}

/** On a terminal of its own; what the line prints goes into a file, which is shown. */
const onTerminal = (line: string) => [
	"script",
	"-qec",
	`sh -c '${line.replaceAll("'", `'\\''`)}'`,
	"/dev/null",
];

describe.skipIf(process.platform !== "linux")("outlivesTerminal", () => {
	it.each([
		["by nohup in bash", ["bash", "-c", `nohup ${ASK}`]],
		["by nohup in a script that nohup has started", ["nohup", "sh", "-c", `${ASK}; true`]],
		["by a shell that ignores it", ["sh", "-c", `trap "" HUP; ${ASK}; true`]],
		["by nohup in another shell, on a terminal", onTerminal(`nohup ${ASK} > out 2> err; cat out`)],
	])("is true when started %s", async (_, words) => {
		expect(await startedBy(...words)).toBe("true");
	});

	it.each([
		["by a shell", ["sh", "-c", `${ASK}; true`]],
		["by bash", ["bash", "-c", ASK]],
		["with nothing to read", ["sh", "-c", `${ASK} < /dev/null`]],
		["without stdin", ["sh", "-c", `${ASK} <&-`]],
		["on a terminal", onTerminal(`${ASK} > out; cat out`)],
	])("is false when started %s", async (_, words) => {
		expect(await startedBy(...words)).toBe("false");
	});

	it("takes the word of the shell", () => {
		expect(outlivesTerminal({ _: "/usr/bin/nohup" })).toBe(true);
		expect(outlivesTerminal({ _: "/usr/bin/zipferry" })).toBe(false);
	});
});
