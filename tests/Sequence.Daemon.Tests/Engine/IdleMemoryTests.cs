using Sequence.Daemon.Engine;

namespace Sequence.Daemon.Tests.Engine;

[TestClass]
public sealed class IdleMemoryTests
{
    private readonly HandClock _clock = new();
    private int _given;

    [TestMethod]
    public void Leave_OfHalfOfMany_GivesBackOnceAfterTheWait()
    {
        using var memory = Entered(2_000);
        Leave(memory, 999);
        Assert.IsFalse(_clock.IsSet);
        Leave(memory, 1);
        Assert.IsTrue(_clock.IsSet);
        Assert.AreEqual(0, _given);
        Leave(memory, 500);
        _clock.Ring();
        Assert.AreEqual(1, _given);

        // 500 are left, too few to be worth it again.
        Leave(memory, 500);
        Assert.IsFalse(_clock.IsSet);
    }

    [TestMethod]
    public void Leave_OfManyAgain_GivesBackAgain()
    {
        using var memory = Entered(1_000);
        for (var round = 1; round <= 3; round++)
        {
            Leave(memory, 1_000);
            _clock.Ring();
            Assert.AreEqual(round, _given);
            Enter(memory, 1_000);
        }
    }

    [TestMethod]
    public void Leave_OfFewOrOfThoseThatComeBack_GivesNothingBack()
    {
        using var few = Entered(999);
        Leave(few, 999);
        using var memory = Entered(1_500);
        for (var round = 0; round < 10; round++)
        {
            Leave(memory, 700);
            Enter(memory, 700);
        }

        Assert.IsFalse(_clock.IsSet);
    }

    private static void Enter(IdleMemory memory, int count)
    {
        for (var series = 0; series < count; series++)
        {
            memory.Enter();
        }
    }

    private static void Leave(IdleMemory memory, int count)
    {
        for (var series = 0; series < count; series++)
        {
            memory.Leave();
        }
    }

    private IdleMemory Entered(int count)
    {
        var memory = new IdleMemory(_clock, () => _given++);
        Enter(memory, count);
        return memory;
    }

    /// <summary>A clock whose one timer rings when the test says so.</summary>
    private sealed class HandClock : TimeProvider
    {
        private Action _ring = () => { };

        public bool IsSet { get; private set; }

        public void Ring()
        {
            Assert.IsTrue(IsSet);
            IsSet = false;
            _ring();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ring = () => callback(state);
            return new Timer(this);
        }

        private sealed class Timer(HandClock clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => clock.IsSet = dueTime != Timeout.InfiniteTimeSpan;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
