namespace Sequence.Backtesting;

/// <summary>
/// Orders that wait for a price, the one nearest to it on top, so that a bar looks at those it reaches and no others. A binary
/// heap that knows each order's place: adding and removing cost log n, looking at the top nothing.
/// </summary>
/// <param name="highestFirst">Whether the highest price is reached first: orders that wait for a fall.</param>
internal sealed class TriggerHeap(bool highestFirst)
{
    private Order[] _orders = new Order[4];
    private int _count;

    public void Push(Order order, double price)
    {
        if (_count == _orders.Length)
        {
            Array.Resize(ref _orders, 2 * _count);
        }

        order.Heap = this;
        order.HeapKey = highestFirst ? -price : price;
        _orders[_count] = order;
        order.HeapIndex = _count;
        Up(_count++);
    }

    public void Remove(Order order)
    {
        var index = order.HeapIndex;
        var last = _orders[--_count];
        _orders[_count] = null!;
        if (index < _count)
        {
            _orders[index] = last;
            last.HeapIndex = index;
            Up(index);
            Down(last.HeapIndex);
        }

        order.Heap = null;
        order.HeapIndex = -1;
    }

    /// <summary>Takes out every order that a price reaches: at or past its own.</summary>
    public void PopReached(double price, List<Order> reached)
    {
        var key = highestFirst ? -price : price;
        while (_count > 0 && _orders[0].HeapKey <= key)
        {
            reached.Add(_orders[0]);
            Remove(_orders[0]);
        }
    }

    private void Up(int index)
    {
        while (index > 0 && _orders[index].HeapKey < _orders[(index - 1) / 2].HeapKey)
        {
            Swap(index, (index - 1) / 2);
            index = (index - 1) / 2;
        }
    }

    private void Down(int index)
    {
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= _count)
            {
                return;
            }

            if (child + 1 < _count && _orders[child + 1].HeapKey < _orders[child].HeapKey)
            {
                child++;
            }

            if (_orders[child].HeapKey >= _orders[index].HeapKey)
            {
                return;
            }

            Swap(index, child);
            index = child;
        }
    }

    private void Swap(int first, int second)
    {
        (_orders[first], _orders[second]) = (_orders[second], _orders[first]);
        _orders[first].HeapIndex = first;
        _orders[second].HeapIndex = second;
    }
}
