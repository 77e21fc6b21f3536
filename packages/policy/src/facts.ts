import type { Sender } from '@mcp-acp/shared/journal-record';
import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';
import type { AccessRequest } from './access-request.ts';
import { type NameTraits, nestedTraits, noTraits, traitsOfName } from './argument-names.ts';
import {
  isPathShaped,
  isRelativeForm,
  isRootedForm,
  maxMentions,
  maxScannedCharacters,
  mayHoldPath,
  scanMentions,
} from './mentions.ts';
import { hostFact, readPathFact } from './path-fact.ts';
import { condensedPath, maxPathLength } from './path-forms.ts';
import type { Operation, ResourceType, SideEffect } from './policy.ts';
import { operationFacts, resourceTypeOf, sideEffectFacts } from './verb-facts.ts';

/** Turns the text of a path into the places it names. Bounded, and the only way this room learns about a disk. */
export interface PathResolver {
  /**
   * Every place some program would take the path for, absolute and canonical (`~`, `..`, symlinks of what exists):
   * none where it cannot be told, one as a rule, two where programs disagree.
   */
  places(text: string): readonly string[];
}

/** One path or URI of a request, in every form a rule compares. */
export interface PathFact {
  /** As it stood in the request. */
  readonly text: string;
  readonly kind: 'path' | 'uri';
  /** Where it leads, as written; absent for URIs, for HTTP backends and where the resolver does not know. */
  readonly resolved?: string;
  readonly uri?: { readonly scheme: string; readonly host?: string };
  /** Hosts another reader could see in the same URI. */
  readonly otherHosts?: readonly string[];
  readonly role?: 'source' | 'dest';
  /** Found inside a text field (`content`, `body`, …). */
  readonly textField?: boolean;
  /** Every reading an allow must accept. */
  readonly readings: readonly string[];
  /** Where it leads if it is taken for a path, for a URI that can be. */
  readonly places?: readonly string[];
  /** False where what it names is not known for sure; then no allow accepts it. */
  readonly certain: boolean;
  /** Every form, composed and in lower case, any of which satisfies a deny or ask. */
  readonly forms: readonly string[];
}

/** What the conditions of a policy look at. Made by {@link extractFacts}, never changed. */
export interface Facts {
  readonly method: string;
  readonly from: Sender;
  readonly toolName?: string | undefined;
  readonly promptName?: string | undefined;
  readonly uri?: string | undefined;
  readonly backendId: string;
  readonly backendKind: 'stdio' | 'http';
  readonly subjectId: string;
  readonly client?: string | undefined;
  readonly claims?: JsonObject | undefined;
  readonly arguments?: JsonObject | undefined;
  readonly resourceType: ResourceType;
  readonly operations: readonly Operation[];
  /** True where no word of the tool's name is a known verb, so that it may do anything. */
  readonly operationsUncertain: boolean;
  readonly sideEffects: readonly SideEffect[];
  readonly sideEffectsUncertain: boolean;
  /** Whole argument values that are a path or URI. */
  readonly operands: readonly PathFact[];
  /** Path-shaped tokens of longer strings, text fields left out. */
  readonly mentions: readonly PathFact[];
  /** Tokens inside text fields, found when first asked for. */
  readonly textMentions: () => { readonly mentions: readonly PathFact[]; readonly complete: boolean };
  /** True where an operand without a role may be source or destination. */
  readonly rolesUncertain: boolean;
  /** False where a bound was hit: there may be operands that are not listed. */
  readonly complete: boolean;
}

const maxDepth = 64;
const maxOperands = 256;
/** Values visited in one call. */
const maxValues = 100_000;

/** Reads from a request what rules look at. Bounded work; throws nothing but what the resolver throws. */
export function extractFacts(request: AccessRequest, paths: PathResolver): Facts {
  const found = new Finder(request.backendKind === 'http' ? undefined : paths);
  if (request.uri !== undefined) found.addOperand(request.uri, uriTraits);
  if (request.arguments !== undefined) found.walk(request.arguments, noTraits, 0);
  const { operands, mentions, complete, textFields } = found;
  const verbs = operationFacts(request);
  const effects = sideEffectFacts(verbs, { operands, mentions });
  let text: ReturnType<Facts['textMentions']> | undefined;
  const { method, from, backendId, backendKind, subjectId } = request;
  return {
    method,
    from,
    backendId,
    backendKind,
    subjectId,
    toolName: request.toolName,
    promptName: request.promptName,
    uri: request.uri,
    client: request.client,
    claims: request.claims,
    arguments: request.arguments,
    resourceType: resourceTypeOf(method),
    operations: verbs.operations,
    operationsUncertain: verbs.uncertain,
    sideEffects: effects.sideEffects,
    sideEffectsUncertain: effects.uncertain,
    operands,
    mentions,
    textMentions: () => {
      text ??= found.scanTextFields(textFields);
      return text;
    },
    rolesUncertain: verbs.transfers || operands.some((operand) => operand.role !== undefined),
    complete,
  };
}

const uriTraits: NameTraits = { ...noTraits, uri: true };

/** One walk over a request's arguments. */
class Finder {
  readonly operands: PathFact[] = [];
  readonly mentions: PathFact[] = [];
  readonly textFields: string[] = [];
  complete = true;
  readonly #paths: PathResolver | undefined;
  readonly #seen = new Set<string>();
  #values = 0;
  #scanned = 0;

  constructor(paths: PathResolver | undefined) {
    this.#paths = paths;
  }

  walk(value: JsonValue, traits: NameTraits, depth: number): void {
    if (typeof value === 'string') {
      this.#readText(value, traits);
    } else if (value !== null && typeof value === 'object') {
      if (depth > maxDepth) {
        this.complete = false;
      } else if (Array.isArray(value)) {
        for (const element of value as readonly JsonValue[]) {
          if (!this.#mayGoOn()) return;
          this.walk(element, traits, depth + 1);
        }
      } else {
        this.#walkObject(value as JsonObject, traits, depth);
      }
    }
  }

  #walkObject(object: JsonObject, traits: NameTraits, depth: number): void {
    for (const key of Object.keys(object)) {
      if (!this.#mayGoOn()) return;
      // A map from path to content is a common shape, so a key that is a path counts as one.
      if (mayHoldPath(key))
        this.#readText(key, traits.text ? noTraits : { ...traits, uri: false, path: false });
      const member = object[key] as JsonValue;
      if (typeof member === 'string' || (member !== null && typeof member === 'object')) {
        this.walk(member, depth === 0 ? traitsOfName(key) : nestedTraits(traits, key), depth + 1);
      }
    }
  }

  #mayGoOn(): boolean {
    if (++this.#values <= maxValues) return true;
    this.complete = false;
    return false;
  }

  #readText(text: string, traits: NameTraits): void {
    const byName = traits.path || traits.uri;
    if (!byName && !traits.host && !mayHoldPath(text)) return;
    const value = text.trim();
    const oneLine = !/[\r\n]/.test(value);
    const blank = /\s/.test(value);
    const isLong = value.length > maxPathLength;
    const path = isLong && oneLine ? condensedPath(value) : value;
    const byForm = oneLine && path !== undefined && isOperandForm(path, { blank, inText: traits.text });
    if (byName || byForm) this.addOperand(isLong && path !== undefined ? path : text, traits);
    else if (traits.text) {
      this.textFields.push(text);
      return;
    }
    if (traits.host) this.#addMention(hostFact(value));
    if (byName || byForm) {
      if (blank || /[,;=|&'"`?]/.test(value) || value.indexOf(':') !== value.lastIndexOf(':'))
        this.#scan(text);
    } else {
      this.#scan(text);
    }
  }

  addOperand(text: string, traits: NameTraits): void {
    const key = `${traits.role ?? ''}\0${text}`;
    if (this.#seen.has(key)) return;
    if (this.operands.length >= maxOperands) {
      this.complete = false;
      return;
    }
    this.#seen.add(key);
    this.operands.push(readPathFact(text, this.#paths, traits));
  }

  #scan(text: string): void {
    this.#scanned += text.length;
    if (this.#scanned > maxScannedCharacters) {
      this.complete = false;
      return;
    }
    const scan = scanMentions(text);
    if (!scan.complete) this.complete = false;
    for (const token of scan.tokens) {
      const key = `m\0${token}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#addMention(readPathFact(token, this.#paths, noTraits));
    }
  }

  #addMention(mention: PathFact | undefined): void {
    if (mention === undefined) return;
    if (this.mentions.length < maxMentions) this.mentions.push(mention);
    else this.complete = false;
  }

  scanTextFields(fields: readonly string[]): ReturnType<Facts['textMentions']> {
    const mentions: PathFact[] = [];
    let complete = true;
    let scanned = 0;
    for (const field of fields) {
      scanned += field.length;
      if (scanned > maxScannedCharacters) return { mentions, complete: false };
      const scan = scanMentions(field);
      complete &&= scan.complete;
      for (const token of scan.tokens) {
        if (mentions.length < maxMentions)
          mentions.push({ ...readPathFact(token, this.#paths, noTraits), textField: true });
        else complete = false;
      }
    }
    return { mentions, complete };
  }
}

/** An operand by form: rooted text, or relative text with a slash and a dot; in a text field only the former. */
function isOperandForm(value: string, where: { blank: boolean; inText: boolean }): boolean {
  if (where.inText) return !where.blank && value.length > 1 && isRootedForm(value) && isPathShaped(value);
  return isRootedForm(value) || (!where.blank && isRelativeForm(value));
}
