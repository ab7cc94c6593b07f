"""An amount shared out over tracking options (Xero: LineItemTracking), without losing a cent of it or of its tax."""

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from . import money

# What Xero takes (Xero: TrackingCategories): active categories of an organisation, options of a category, letters.
CATEGORIES, OPTIONS, NAME_LIMIT = 2, 100, 100
ZERO = Decimal(0)
PERCENT_STEP = Decimal("0.01")  # Odoo keeps two decimals of a percentage: three thirds are 99.99 %


class Overdrawn(ValueError):
    """The shares of one plan are more than the whole, or less than nothing.

    :ivar Decimal percent: what they come to
    :ivar index: of the plan
    """

    def __init__(self, percent, index):
        super().__init__(f"{percent} %")
        self.percent = percent
        self.index = index


def combine(distribution, plans):
    """Shares of one line, each with at most one option per plan.

    Odoo's keys may name accounts of several plans together, or of one plan at a time, which each distribute the whole
    line. Those of single plans are laid side by side, so that every option gets exactly its own percentage.

    :param distribution: ``[({plan index: option}, percent)]``; ``percent`` a Decimal
    :param int plans: how many plans there are, two at most
    :return list: ``[((option or None, per plan), percent)]``, ascending by option, together 100; what no option claims
        has none
    :raise Overdrawn:
    """
    totals = [_total(distribution, index) for index in range(plans)]
    joint, alone = {}, [{} for _index in range(plans)]
    for options, percent in distribution:
        key = tuple(options.get(index) for index in range(plans))
        named = [index for index in range(plans) if key[index] is not None]
        if not named:
            continue
        table = joint if len(named) == plans > 1 else alone[named[0]]
        table[key] = table.get(key, ZERO) + percent
    rest = money.HUNDRED - sum(joint.values(), ZERO)
    rows = [_filled(table, rest, total, plans) for table, total in zip(alone, totals, strict=True)]
    shares = dict(joint)
    for key, percent in _side_by_side(rows, plans) if plans > 1 else rows[0]:
        shares[key] = shares.get(key, ZERO) + percent
    least = PERCENT_STEP * len(distribution)  # so much of nothing is the rounding of the percentages
    return sorted(
        ((key, percent) for key, percent in shares.items() if percent > (0 if any(key) else least)), key=_order
    )


def _order(share):
    return [(option is None, str(option)) for option in share[0]]


def _total(distribution, index):
    """What the options of one plan come to; 100 where only the rounding of the percentages is missing."""
    mine = [percent for options, percent in distribution if options.get(index) is not None]
    total = sum(mine, ZERO)
    slack = PERCENT_STEP * len(mine)
    if total > money.HUNDRED + slack or any(percent < 0 for percent in mine):
        raise Overdrawn(total, index)
    return money.HUNDRED if abs(total - money.HUNDRED) <= slack else total


def _filled(table, rest, total, plans):
    """``[(key, percent)]`` of the keys of one plan, which come to ``rest``; what is missing is a share of nothing."""
    rows = sorted(table.items(), key=_order)
    missing = rest - sum(table.values(), ZERO)
    if rows and (total == money.HUNDRED or missing < 0):
        key, percent = rows[-1]
        return [*rows[:-1], (key, percent + missing)]  # the rounding of the percentages
    return [*rows, ((None,) * plans, missing)]


def _side_by_side(rows, plans):
    """Two lists of shares of the same length, laid one above the other and cut wherever one of them is."""
    first, second = [list(some) for some in rows]
    while first and second:
        percent = min(first[0][1], second[0][1])
        yield tuple(first[0][0][index] if first[0][0][index] is not None else second[0][0][index]
                    for index in range(plans)), percent  # fmt: skip
        for some in (first, second):
            some[0] = (some[0][0], some[0][1] - percent)
            if some[0][1] <= 0:
                some.pop(0)


def share_out(amount, weights, step=money.CENT):
    """Largest remainder: parts of ``amount`` in whole ``step``, which come to exactly ``amount``.

    :param weights: Decimals above 0
    :return list: as many Decimals
    """
    whole = sum(weights, ZERO)
    exact = [amount * weight / whole for weight in weights]
    parts = [(value / step).to_integral_value(rounding=ROUND_DOWN) * step for value in exact]
    left = amount - sum(parts, ZERO)
    one = step.copy_sign(amount)
    by_remainder = sorted(range(len(parts)), key=lambda index: -abs(exact[index] - parts[index]))
    for index in by_remainder:
        if abs(left) >= step:
            parts[index] += one
            left -= one
    parts[max(range(len(parts)), key=lambda index: weights[index])] += left  # less than a step: the amount's own
    return parts


def parts_of(line, inclusive, step, says_tax=True):
    """The LineItems of one line: itself, or one per share.

    Their amounts come to that of the undivided line. Xero rounds the tax of each line, so for their taxes to come to
    that of the undivided line they say them (``TaxAmount``), where Xero lets them, instead of having them computed.

    :param LineData line: ``shares`` as of :func:`combine`, options as ``((TrackingCategoryID, TrackingOptionID), ...)``
    :param bool inclusive: whether the document's amounts hold the tax
    :param Decimal step: the currency's smallest amount
    :param bool says_tax: whether Xero takes another tax than it computes
    :return list: ``LineData`` with ``tracking``
    """
    amount = line.total if inclusive else line.subtotal
    if not line.shares or line.is_text:
        return [line]
    if len(line.shares) == 1 or not amount:
        tracking, _percent = max(line.shares, key=lambda share: share[1])
        return [replace(line, shares=(), tracking=tracking)]
    weights = [percent for _tracking, percent in line.shares]
    amounts = share_out(amount, weights, max(step, money.CENT))
    kept = [index for index, part in enumerate(amounts) if part]
    taxes = share_out(money.tax_amount(amount, line.tax_rate, inclusive), [abs(amounts[index]) for index in kept])
    if not says_tax:
        taxes = [money.tax_amount(amounts[index], line.tax_rate, inclusive) for index in kept]
    return [
        _part(line, index, amounts[index], taxes[place], inclusive, weights[index] / sum(weights, ZERO), says_tax)
        for place, index in enumerate(kept)
    ]


def _part(line, index, amount, tax, inclusive, share, says_tax):
    return replace(
        line, key=f"{line.key}:{index}", shares=(), tracking=line.shares[index][0],
        tax_amount=tax if says_tax else None, quantity=money.round_to(line.quantity * share, money.QUANTITY),
        subtotal=amount - tax if inclusive else amount, total=amount if inclusive else amount + tax,
    )  # fmt: skip
