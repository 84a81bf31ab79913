using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Telemetry;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Telemetry;

/// <summary>What one app measures; other apps of the test run have their own meters.</summary>
internal sealed class MeterCapture : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Name, double Value, string Tags)> _measured = [];
    private readonly MeterListener _listener = new();

    internal MeterCapture(TestApp app)
    {
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Tracing.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    internal List<Instrument> Instruments { get; } = [];

    /// <summary>The values of an instrument with these tags, such as <c>source=custom</c>, in their order.</summary>
    internal List<double> Values(string name, string tags = "")
    {
        lock (_lock)
        {
            return [.. _measured.Where(measured => measured.Name == name && measured.Tags == tags).Select(measured => measured.Value)];
        }
    }

    /// <summary>The sum of a counter.</summary>
    internal double Sum(string name, string tags = "") => Values(name, tags).Sum();

    /// <summary>What a gauge says now; empty if it says nothing.</summary>
    internal List<double> Read(string name, string tags = "")
    {
        lock (_lock)
        {
            _measured.RemoveAll(measured => measured.Name == name);
        }
        _listener.RecordObservableInstruments();
        return Values(name, tags);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        lock (_lock)
        {
            _measured.Add((instrument.Name, value, text));
        }
    }
}
