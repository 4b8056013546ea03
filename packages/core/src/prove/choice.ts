// Choosing among arms on rows that do not judge them, in rounds that leave the worse half behind; then
// putting the winners together, and taking away what is not missed.

import type { CauseId } from "../causes/cause.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Variant } from "../spec/spec.ts";
import { type Arm, affordableArm, distinct, type Part, withoutEach } from "./arms.ts";
import { Budget, LEAST_DOUBT, USUAL } from "./budget.ts";
import { heavyParts, MIN_JOINT_WEIGHT } from "./first-guess.ts";
import { relevantGain, screenedProof } from "./judge.ts";
import type { RoundIndex } from "./pairs.ts";
import type { Proof } from "./proof.ts";
import { BASELINE_KEY, type Rounds } from "./rounds.ts";

/** Changes of a patch; one of more is another network. */
const MOST_PARTS = 4;

export interface ChoiceOptions {
  /** The rows as written, for what an arm costs. */
  readonly dataset: Dataset;
  /** Whether the unchanged network fails on some seeds and learns on others. */
  readonly isLucky: boolean;
  /** Level on the choosing rows at which nothing more is tried. */
  readonly enough: number;
  /**
   * Level on the judging rows below which what was prescribed does not suffice; of a network that
   * takes long to train it is enough on the choosing rows.
   */
  readonly sufficient: number;
  /** Told of every arm that becomes the best. */
  readonly onHeld?: ((arm: Arm) => void) | undefined;
}

/** Choosing among arms on rows that do not judge them, in rounds that leave the worse behind. */
export class Choice {
  readonly budget: Budget;

  readonly #suspects: readonly Suspect[];
  readonly #variant: Variant;
  readonly #rounds: Rounds;
  readonly #options: ChoiceOptions;
  readonly #screened: { readonly arm: Arm; readonly over: string }[] = [];
  readonly #second = new Map<string, Arm>();
  #best: Arm | undefined;
  #sufficed: Arm | undefined;

  constructor(
    suspects: readonly Suspect[],
    variant: Variant,
    rounds: Rounds,
    options: ChoiceOptions,
  ) {
    this.#suspects = suspects;
    this.#variant = variant;
    this.#rounds = rounds;
    this.#options = options;
    this.budget = new Budget(variant, options);
  }

  /**
   * The first pairs for every arm; the rest for those that are better than the best until now, which
   * is the unchanged network at first. The rest tells nothing where one dear arm is there and suffices.
   */
  async screen(arms: readonly Arm[]): Promise<void> {
    const over = this.#best?.key ?? BASELINE_KEY;
    const rival = this.#best === undefined ? [] : [this.#best];
    this.#screened.push(...arms.map((arm) => ({ arm, over })));
    await this.#train([...rival, ...arms], 0);
    const gain = ({ key }: Arm) => this.#rounds.gain(key, over);
    const better = [...arms]
      .filter((arm) => gain(arm) >= this.#margin / 2)
      .sort((a, b) => gain(b) - gain(a) || this.#lossOver(a, b))
      .slice(0, this.budget.fieldsOf(arms).second);
    if (this.#best === undefined && better.length > 0) this.#options.onHeld?.(better[0]);
    const isSettled = arms.length === 1 && rival.length === 0 && better.some(this.#suffices);
    if (!isSettled) await this.#train([...rival, ...better], 1);
    for (const arm of better) this.#second.set(arm.key, arm);
    const [best] = this.ranked;
    if (this.#best === undefined || (best !== undefined && (await this.#beats(best, this.#best)))) {
      this.#hold(best);
    }
  }

  #hold(arm: Arm | undefined): void {
    if (arm !== undefined && arm.key !== this.#best?.key) this.#options.onHeld?.(arm);
    this.#best = arm;
  }

  /**
   * A part more has to pay for itself beyond what the pairs do by chance. What may is given the third
   * round's, because six pairs miss a gain of their own spread in one case of three.
   */
  async #beats(arm: Arm, other: Arm): Promise<boolean> {
    const pays = () => this.#rounds.gain(arm.key, other.key) >= this.#margin / 2;
    const isSure = () => pays() && this.#rounds.isSurelyBetter(arm.key, other.key);
    if (!pays() || (isSure() && !this.budget.isUnnoticed([arm, other], LEAST_DOUBT)))
      return isSure();
    await this.#train([arm, other], 2);
    return isSure();
  }

  /**
   * The arms that the first rounds leave about equal, on the third round's pairs as well. Where these
   * take long to train and leave nothing to gain, only between causes: which of them it is matters,
   * which of its changes undoes it does not.
   */
  async playOff(): Promise<void> {
    const best = this.#best;
    if (best === undefined) return;
    const isSettled = this.budget.isDear(best) && this.#isDone(best);
    const close = distinct([best, ...this.ranked])
      .filter((arm) => this.#isInDoubt(arm, best))
      .filter((arm) => arm === best || !isSettled || mainCause(arm) !== mainCause(best))
      .slice(0, this.budget.fieldsOf([best]).playOff);
    if (close.length < 2) return;
    await this.#train(close, 2);
    for (const arm of close) {
      if (arm !== this.#best && (await this.#beats(arm, this.#best!))) this.#hold(arm);
    }
  }

  /** Whether an arm may be as good as the best for all that the pairs until now tell. */
  #isInDoubt(arm: Arm, best: Arm): boolean {
    if (arm.key === best.key || this.#rounds.gain(arm.key, best.key) >= -this.#margin) return true;
    return (
      this.budget.isUnnoticed([arm], LEAST_DOUBT) && !this.#rounds.isSurelyBetter(best.key, arm.key)
    );
  }

  /**
   * Changes put on the best arm, where there is one: a network that one fault stops shows nothing of
   * another. None where it has all the parts that a patch may have.
   */
  onBest(singles: readonly Arm[]): Arm[] {
    const best = this.#best;
    if (best === undefined) return [...singles];
    if (best.parts.length >= MOST_PARTS) return [];
    const there = new Set(best.parts.map(({ change }) => change.id));
    return distinct(
      singles
        .filter(({ parts }) => !there.has(parts[0].change.id))
        .flatMap(({ parts }) => this.#made([...best.parts, ...parts]) ?? [])
        .filter(({ key }) => key !== best.key),
    );
  }

  #made(parts: readonly Part[]): Arm | undefined {
    return affordableArm(parts, this.#variant, this.#options.dataset);
  }

  /** Arms that went on, the best first; those that turned out to gain nothing are left out. */
  get ranked(): Arm[] {
    return [...this.#second.values()]
      .filter(({ key }) => this.#gain(key) >= this.#margin / 2)
      .sort(this.#bestFirst);
  }

  /** Of arms that gained nothing on these rows those that cost nothing either, one of each cause. */
  harmless(arms: readonly Arm[]): Arm[] {
    const causes = new Set<string>();
    return arms
      .filter(({ key }) => this.#gain(key) > -this.#margin / 2)
      .filter(({ parts: [{ causes: of }] }) => !causes.has(of[0]) && causes.add(of[0]))
      .slice(0, USUAL.playOff);
  }

  get best(): Arm | undefined {
    return this.#best;
  }

  /** What was the best before more was tried than what suffices; it is smaller. */
  get sufficed(): Arm | undefined {
    return this.#sufficed;
  }

  /** Whether the best arm stays below what is enough for sure, or the unchanged network at all. */
  get isShort(): boolean {
    if (this.#screened.length === 0) return true;
    const best = this.#best;
    if (best === undefined) return this.#rounds.level(BASELINE_KEY) < this.#options.enough;
    return this.#rounds.level(best.key) + this.#rounds.levelError(best.key) < this.#enoughOf(best);
  }

  readonly #suffices = (arm: Arm): boolean =>
    this.budget.isDear(arm) && this.#rounds.level(arm.key) >= this.#enoughOf(arm);

  /** Of a dear network what suffices is enough: the rows that judge may still say that it does not. */
  #enoughOf(arm: Arm): number {
    const { enough, sufficient } = this.#options;
    return this.budget.isDear(arm) ? Math.min(enough, sufficient) : enough;
  }

  /**
   * Whether there is nothing to lose by trying more: the unchanged network is to be mended anyway, and
   * the first pairs of all these arms take no time to speak of.
   */
  isWorthTrying(arms: readonly Arm[]): boolean {
    return this.#best !== undefined && this.budget.isQuick(arms);
  }

  /** More is tried though the best arm suffices: it has to be judged as well. */
  keepBest(): void {
    this.#sufficed = this.#best;
  }

  /** Whether the best arm leaves nothing to gain, or nothing that is worth such trainings. */
  #isDone(arm: Arm): boolean {
    if (this.#rounds.metric === "loss") return false;
    const level = this.#rounds.level(arm.key);
    return level > 1 - this.#margin / 2 || this.#suffices(arm);
  }

  /** Puts winners together, as long as each addition pays; takes away what does not. */
  async combine(): Promise<void> {
    if (this.#best === undefined) return;
    let best: Arm = this.#best;
    while (best.parts.length < MOST_PARTS && !this.#isDone(best)) {
      const additions = this.#additions(best);
      if (additions.length === 0) break;
      const held: Arm = best;
      const paying = await this.#trainAll(
        additions,
        ({ key }) => this.#rounds.gain(key, held.key) > 0,
      );
      const [winner] = paying.sort(this.#bestFirst);
      if (winner === undefined || !(await this.#beats(winner, best))) break;
      best = winner;
      this.#hold(best);
    }
    while (best.parts.length > 1) {
      const smaller = withoutEach(best, this.#variant);
      const whole: Arm = best;
      const gain = ({ key }: Arm) => this.#rounds.gain(key, whole.key);
      const close = await this.#trainAll(smaller, (arm) => gain(arm) > -this.#margin);
      const [kept] = close.filter((arm) => gain(arm) > -this.#margin / 2).sort(this.#bestFirst);
      if (kept === undefined) break;
      best = kept;
      this.#hold(best);
      await this.#leaveOutOfRivals(whole.parts.find((part) => !kept.parts.includes(part))!);
    }
  }

  /** What nobody misses in the best arm may be as needless in those that stand beside it. */
  async #leaveOutOfRivals({ change }: Part): Promise<void> {
    const isSpare = (part: Part) => part.change.id === change.id;
    const smaller = distinct(
      this.ranked
        .filter((arm) => arm.parts.some(isSpare) && !isAlone(arm) && !this.budget.isDear(arm))
        .flatMap(({ parts }) => this.#made(parts.filter((part) => !isSpare(part))) ?? []),
    ).filter(({ key }) => key !== this.#best?.key);
    await this.#trainAll(smaller);
    for (const arm of smaller) this.#second.set(arm.key, arm);
  }

  /**
   * The best arm with one more part: a winner's, or of a cause that weighs much the likeliest change
   * that does something there. It may not have shown by itself. Causes that the best one has a part of
   * come last.
   */
  #additions(best: Arm): Arm[] {
    const tried = new Set(best.parts.map(({ change }) => change.id));
    // A part that does away with what the best one did makes a network that has been tried already.
    const known = new Set(this.#screened.map(({ arm }) => (isAlone(arm) ? arm.key : "")));
    known.add(best.key);
    const withOne = (alternatives: readonly Part[]) => {
      for (const part of alternatives) {
        if (tried.has(part.change.id)) continue;
        const arm = this.#made([...best.parts, part]);
        if (arm !== undefined && !known.has(arm.key)) return [arm];
      }
      return [];
    };
    const causes = new Set(best.parts.map((part) => part.causes[0]));
    const winners = this.ranked.flatMap(({ parts }) => parts.map((part) => [part]));
    const additions = [...winners, ...heavyParts(this.#suspects)].sort(
      ([a], [b]) => Number(causes.has(a.causes[0])) - Number(causes.has(b.causes[0])),
    );
    return distinct(additions.flatMap(withOne)).slice(0, this.budget.fieldsOf([best]).additions);
  }

  /**
   * Of the arms as good as the best, the one of fewest parts; of those the likeliest cause's, and
   * between causes that weigh as much as a warning what surely gained more, or else the surer answers:
   * a loss tells apart what the few rows of a fold do not.
   */
  get smallest(): Arm | undefined {
    const best = this.#best;
    if (best === undefined) return undefined;
    return distinct([best, ...this.ranked])
      .filter((arm) => this.#isEqual(arm, best))
      .reduce((kept, arm) => (this.#comesBefore(arm, kept) ? arm : kept));
  }

  #comesBefore(arm: Arm, other: Arm): boolean {
    if (arm.parts.length !== other.parts.length) return arm.parts.length < other.parts.length;
    const likelier = likelihood(arm) - likelihood(other);
    if (likelier !== 0) return likelier > 0;
    if (this.#rounds.isSurelyBetter(arm.key, other.key)) return true;
    return !this.#rounds.isSurelyBetter(other.key, arm.key) && this.#lossOver(arm, other) < 0;
  }

  /**
   * What gained most; of what gained as much, the surer answers. Several changes may be right in all
   * rows of a few pairs, and those that are so by little fail on other seeds.
   */
  readonly #bestFirst = (a: Arm, b: Arm): number =>
    this.#gain(b.key) - this.#gain(a.key) || this.#lossOver(a, b);

  #lossOver({ key }: Arm, other: Arm): number {
    return this.#rounds.lossOver(key, other.key);
  }

  /**
   * On the pairs that both have: some arms have more, and not all pairs are equally hard. Between
   * arms of as many parts twice as much is no difference where it is not sure.
   */
  #isEqual({ key, parts }: Arm, best: Arm): boolean {
    if (key === best.key) return true;
    const lost = -this.#rounds.gain(key, best.key);
    const isUnsure =
      parts.length === best.parts.length && !this.#rounds.isSurelyBetter(best.key, key);
    return lost <= (isUnsure ? this.#margin : this.#margin / 2);
  }

  /** What each change showed until it was left behind; `judged` have a proof of their own. */
  screenedProofs(judged: readonly string[]): Proof[] {
    return this.#screened
      .filter(({ arm, over }) => !judged.includes(arm.key) && isSingle(arm, over))
      .map(({ arm, over }) => screenedProof(this.#rounds, arm, over, this.#margin));
  }

  get #margin(): number {
    return relevantGain(this.#rounds);
  }

  #gain(key: string): number {
    return this.#rounds.gain(key);
  }

  /**
   * The first two rounds; the arms that had both. One that takes long to train has the second only
   * where the first lets it be taken.
   */
  async #trainAll(arms: readonly Arm[], mayBeTaken = (_: Arm) => true): Promise<Arm[]> {
    await this.#train(arms, 0);
    const left = arms.filter((arm) => !this.budget.isDear(arm) || mayBeTaken(arm));
    await this.#train(left, 1);
    return left;
  }

  async #train(arms: readonly Arm[], round: RoundIndex): Promise<void> {
    const hasFolds = this.#rounds.on === "validation";
    for (const some of this.budget.equallyDear(arms)) {
      await this.#rounds.train(some, this.budget.pairsOf(some, round, hasFolds));
    }
  }
}

function mainCause({ parts }: Arm): CauseId {
  return parts[0].causes[0];
}

function likelihood({ parts }: Arm): number {
  return Math.min(MIN_JOINT_WEIGHT, Math.max(...parts.map(({ weight }) => weight)));
}

/** One change by itself, or put on what was best until then; not several that were tried at once. */
function isSingle(arm: Arm, over: string): boolean {
  return over !== BASELINE_KEY || isAlone(arm);
}

function isAlone({ parts }: Arm): boolean {
  return parts.length === 1;
}
