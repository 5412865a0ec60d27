import { type ApiObject, App, ResolutionContext } from 'cdk8s';

/** A value as cdk8s writes it into an object, which it has no public function for. */
export function resolvedValue(object: ApiObject, key: string[], value: unknown): unknown {
  const context = new ResolutionContext(object, key, value);
  for (const resolver of App.of(object).resolvers) {
    resolver.resolve(context);
    if (context.replaced) {
      return resolvedValue(object, key, context.replacedValue as unknown);
    }
  }
  return value;
}
