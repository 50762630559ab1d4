type Decorator = (method: never, context: ClassMethodDecoratorContext) => unknown;

/**
 * Applies decorators to a method as a compiler would, the last one first: the test runner leaves
 * decorators as they are, and no engine knows them yet.
 */
export function mark<C extends abstract new (...args: never[]) => object>(
	target: C,
	name: keyof InstanceType<C> & (string | symbol),
	...decorators: readonly Decorator[]
): C {
	const prototype = target.prototype as Record<PropertyKey, unknown>;
	for (const decorate of decorators.toReversed()) {
		const replaced = decorate(prototype[name] as never, contextOf(name));
		if (typeof replaced === "function") {
			Object.defineProperty(prototype, name, { value: replaced, configurable: true });
		}
	}
	return target;
}

/** The context that a decorator of a method gets. */
export function contextOf(
	name: string | symbol,
	rest: Readonly<Record<string, unknown>> = {},
): ClassMethodDecoratorContext {
	const context = { kind: "method", name, static: false, private: false, ...rest };
	return context as unknown as ClassMethodDecoratorContext;
}
