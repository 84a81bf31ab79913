using SalesBrain.Core.Signals;

namespace SalesBrain.Core.Imports;

/// <summary>Wakes the worker of this process when a job has been started.</summary>
public sealed class ImportSignal : Signal;
