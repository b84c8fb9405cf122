/**
 * Whether everything is tested, as `npm run test:all` and CI do: `npm test` leaves out what takes long and
 * seldom fails alone.
 */
export const ALL_TESTS: boolean = allTests(process.env["ZIPFERRY_TESTS"]);

function allTests(tests: string | undefined): boolean {
	if (tests === undefined || tests === "") return false;
	if (tests === "all") return true;
	throw new Error(`ZIPFERRY_TESTS is all, or not set at all; it is ${tests}`);
}
