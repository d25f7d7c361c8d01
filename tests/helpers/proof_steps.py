"""All that can happen next to a session. Each step changes a world, and returns what was judged, if something was.

What is lost is one claim less to keep, so nothing need be done about it. A request stays under way when it was judged,
for browsers send one again by themselves.
"""

from dataclasses import replace

from proof_world import Answer, Judged, Loot, Request, World
from symbolic import ImpossibleError, implies


def time_passes(world: World) -> None:
    """Let any time pass in which nothing that is under way is longer so than it can be."""
    later = world.run.number("later")
    world.run.assume(later >= world.now, (world.disk == world.jar) | (later <= world.landed_at + world.flush))
    for request in world.requests:
        world.run.assume(implies(request.is_there, later <= request.sent_at + world.request))
    for answer in world.answers:
        world.run.assume(implies(answer.is_there, later <= answer.made_at + world.answer))
    world.now = later


def a_tab_sends(world: World) -> None:
    world.requests.append(Request(world.jar, world.now, world.run.always()))


def a_request_is_judged(world: World) -> Judged:
    request = world.requests[0]
    world.run.assume(request.is_there)
    judged = world.judge("browser", request.token)
    if judged.was_handed:
        world.answers.append(Answer(judged.after.next, world.now, world.run.always()))
    return decided(world, judged)


def a_request_is_judged_once(world: World) -> Judged:
    judged = a_request_is_judged(world)
    world.requests.pop(0)
    return judged


def answers_are_lost(world: World) -> None:
    world.answers.clear()


def an_answer_arrives(world: World) -> None:
    if not world.answers:
        raise ImpossibleError
    arrived, *world.answers = world.answers
    world.run.assume(arrived.is_there)
    world.jar, world.landed_at, world.jar_is_new = arrived.token, world.now, world.is_copied


def the_jar_is_written_to_disk(world: World) -> None:
    world.disk, world.disk_is_new = world.jar, world.jar_is_new


def the_browser_crashes(world: World) -> None:
    """Bring the jar back as it is on disk."""
    world.jar, world.jar_is_new = world.disk, world.disk_is_new


def an_access_token_is_renewed_in_a_header(world: World) -> None:
    """Slide the idle end, as `touch` does."""
    at = world.now + world.wrong()
    world.run.assume(world.rule.is_alive(world.row, at))
    world.row = replace(world.row, idle_expires_at=at + world.idle)
    world.used_at = world.now


def somebody_ends_the_session(world: World) -> None:
    world.row = replace(world.row, ended_at=world.now)


def the_thief_copies_the_browser(world: World) -> None:
    """Copy the jar and the disk, once."""
    world.run.assume(~world.is_copied)
    world.loot = [Loot(token, False, world.run.always()) for token in (world.jar, world.disk)]
    world.is_copied = ~world.is_copied


def the_thief_presents(world: World) -> Judged:
    """Present anything that he ever saw; he is answered at once, for to wait is his own choice."""
    loot = world.run.choose(world.loot)
    world.run.assume(loot.is_there)
    judged = world.judge("thief", loot.token)
    if judged.was_handed:
        world.loot.append(Loot(judged.after.next, True, world.run.always()))
    return decided(world, judged, by_his_own=loot.is_his)


def the_thief_presents_inside_the_window(world: World) -> Judged:
    judged = the_thief_presents(world)
    world.run.assume(judged.at - judged.before.rotated_at <= world.window)
    return judged


def decided(world: World, judged: Judged, *, by_his_own: bool = False) -> Judged:
    """Note which side is the only one left.

    It is decided when a token is handed out to whoever it may be once the browser has received one since the copy, or
    to the thief for one that he was handed himself.
    """
    if judged.was_handed:
        undecided = ~world.survives["browser"] & ~world.survives["thief"] & (world.disk_is_new | by_his_own)
        world.survives = {**world.survives, judged.who: world.survives[judged.who] | undecided}
    return judged
