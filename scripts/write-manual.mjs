/**
 * Puts the manual pages that `package.json` lists into `dist/man`, for the package: `zipferry.1` of the program, and
 * `zipferry-upload.1` of each command, with a dash for a space in its name. The built command prints them, from the
 * records of commands and options.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";

const { man, bin } = JSON.parse(readFileSync("package.json", "utf8"));
for (const file of man) {
	const [, command] = basename(file, ".1").split("zipferry-");
	const page = execFileSync(process.execPath, [
		bin.zipferry,
		"man",
		...(command === undefined ? [] : command.split("-")),
	]);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, page);
}
