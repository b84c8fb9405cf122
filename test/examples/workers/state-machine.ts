import jsonata from "jsonata";

/** The states that our example has, in Amazon's States Language with JSONata. */
type State =
	| (TaskState & { readonly Type: "Task" })
	| (MapState & { readonly Type: "Map" })
	| { readonly Type: "Fail"; readonly Error: unknown; readonly Cause: unknown };

interface StateMachine {
	readonly StartAt: string;
	readonly States: Readonly<Record<string, State>>;
}

interface Common {
	readonly Output?: unknown;
	readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
	readonly Catch?: readonly {
		readonly ErrorEquals: readonly string[];
		readonly Output?: unknown;
		readonly Next: string;
	}[];
	readonly Next?: string;
}

interface TaskState extends Common {
	readonly Arguments: unknown;
}

interface MapState extends Common {
	readonly Items: unknown;
	readonly ItemSelector: unknown;
	readonly ItemProcessor: StateMachine;
}

/** What `arn:aws:states:::lambda:invoke` reaches, by the names of functions. */
export type Functions = Readonly<Record<string, (payload: never) => Promise<unknown>>>;

interface ErrorOutput {
	readonly Error: string;
	readonly Cause: string;
}

/** A state machine that has ended in a state of the type Fail, or by an error that nothing catches. */
export class MachineFailure extends Error {
	override readonly name = "MachineFailure";
	readonly output: ErrorOutput;

	constructor(output: ErrorOutput) {
		super(`${output.Error}: ${output.Cause}`);
		this.output = output;
	}
}

/**
 * Runs a state machine as Step Functions does, as far as our example goes: what goes in and out of states, expressions, retries
 * (without the waiting), errors that are caught. Expressions are evaluated by the library that Amazon's language is made for.
 */
export async function runMachine(
	machine: StateMachine,
	input: unknown,
	functions: Functions,
	context: object = {},
): Promise<unknown> {
	let value = input;
	for (let name: string | undefined = machine.StartAt; name !== undefined; ) {
		const state: State | undefined = machine.States[name];
		if (state === undefined) throw new Error(`there is no state "${name}"`);
		const states = { input: value, context };
		if (state.Type === "Fail") {
			const output = await evaluate({ Error: state.Error, Cause: state.Cause }, states);
			throw new MachineFailure(output as ErrorOutput);
		}
		try {
			const result = await withRetries(state, () => runState(state, states, functions));
			value = state.Output === undefined ? result : await evaluate(state.Output, { ...states, result });
			name = state.Next;
		} catch (error) {
			const errorOutput = outputOf(error);
			const caught = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, errorOutput.Error));
			if (caught === undefined) throw error;
			value = await evaluate(caught.Output ?? "{% $states.errorOutput %}", { ...states, errorOutput });
			name = caught.Next;
		}
	}
	return value;
}

async function runState(
	state: Exclude<State, { Type: "Fail" }>,
	states: object & { readonly context: object },
	functions: Functions,
): Promise<unknown> {
	if (state.Type === "Map") {
		const items = (await evaluate(state.Items, states)) as unknown[];
		return await Promise.all(
			items.map(async (Value, Index) => {
				const context = { ...states.context, Map: { Item: { Index, Value } } };
				const input = await evaluate(state.ItemSelector, { ...states, context });
				return await runMachine(state.ItemProcessor, input, functions, context);
			}),
		);
	}
	const invocation = await evaluate(state.Arguments, states);
	const { FunctionName, Payload } = invocation as { FunctionName: string; Payload: never };
	const call = functions[FunctionName];
	if (call === undefined) throw new Error(`there is no function "${FunctionName}"`);
	// What goes in and out of functions is JSON.
	const result = await call(JSON.parse(JSON.stringify(Payload)) as never);
	return { Payload: JSON.parse(JSON.stringify(result)) as unknown };
}

async function withRetries(state: Common, run: () => Promise<unknown>): Promise<unknown> {
	for (let attempts = 0; ; attempts++) {
		try {
			return await run();
		} catch (error) {
			const output = outputOf(error);
			const rule = state.Retry?.find(({ ErrorEquals }) => matches(ErrorEquals, output.Error));
			if (rule === undefined || attempts >= rule.MaxAttempts) throw error;
		}
	}
}

function outputOf(error: unknown): ErrorOutput {
	if (error instanceof MachineFailure) return error.output;
	if (error instanceof Error) return { Error: error.name, Cause: error.message };
	return { Error: "Unknown", Cause: String(error) };
}

function matches(patterns: readonly string[], error: string): boolean {
	return patterns.includes("States.ALL") || patterns.includes(error);
}

/** Strings in `{% %}` are expressions, wherever they are; everything else is as it stands. */
async function evaluate(template: unknown, states: object): Promise<unknown> {
	if (typeof template === "string") {
		const [, expression] = /^\{%(.*)%\}$/s.exec(template) ?? [];
		if (expression === undefined) return template;
		const value: unknown = await jsonata(expression).evaluate({}, { states });
		if (value === undefined) throw new Error(`nothing comes of ${template}`);
		return value;
	}
	if (Array.isArray(template)) return await Promise.all(template.map((item) => evaluate(item, states)));
	if (typeof template !== "object" || template === null) return template;
	const pairs = Object.entries(template).map(async ([name, value]) => [name, await evaluate(value, states)]);
	return Object.fromEntries(await Promise.all(pairs)) as unknown;
}
