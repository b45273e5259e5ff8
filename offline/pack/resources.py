"""Resources as the engine sends them to a policy pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi.runtime.proto import analyzer_pb2

from offline.protocol import wire
from offline.protocol.registration import Registration, urn_of

if TYPE_CHECKING:
    from offline.engine.run import Run
    from offline.protocol.wire import Message

_PROVIDER_TYPE: Final = "pulumi:providers:"


def _package(type_: str) -> str:
    return type_.partition(":")[0]


def _needs_default_provider(resource: Registration) -> bool:
    own = _package(resource.type) == "pulumi"
    return resource.custom and not own and "provider" not in resource.options


def _default_provider(run: Run, resource: Registration) -> Registration:
    package = _package(resource.type)
    version = str(resource.options.get("version", ""))
    name = f"default_{version.replace('.', '_')}" if version else "default"
    prefix = f"{package}:"
    inputs = {
        key.removeprefix(prefix): wire.secret(value) if key in run.secret_keys else value
        for key, value in run.config.items()
        if key.startswith(prefix)
    }
    if version:
        inputs["version"] = version
    type_ = f"{_PROVIDER_TYPE}{package}"
    return Registration(
        urn=urn_of(run.stack, run.project, "", type_, name),
        type=type_,
        name=name,
        custom=True,
        parent="",
        inputs=inputs,
        options={},
        outputs=inputs,
    )


def judged_resources(run: Run) -> list[Registration]:
    """Every resource that the engine has judged: those of the program, and the default providers it makes for them."""
    resources: dict[str, Registration] = {}
    for resource in run.resources:
        if _needs_default_provider(resource):
            provider = _default_provider(run, resource)
            resources.setdefault(provider.urn, provider)
        resources[resource.urn] = resource
    return list(resources.values())


def _struct(values: dict[str, wire.Value]) -> Message:
    # What a provider keeps for itself is not the policies' business, as in the engine.
    return wire.to_struct({key: value for key, value in values.items() if not key.startswith("__")})


def _options(resource: Registration) -> Message:
    options = resource.options
    timeouts = options.get("customTimeouts", {})
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=options.get("protect", False),
        ignoreChanges=options.get("ignoreChanges", ()),
        deleteBeforeReplace=options.get("deleteBeforeReplace", False),
        deleteBeforeReplaceDefined="deleteBeforeReplace" in options,
        additionalSecretOutputs=options.get("additionalSecretOutputs", ()),
        aliases=[alias for alias in options.get("aliases", ()) if isinstance(alias, str)],
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(
            create=_seconds(timeouts.get("create", "")),
            update=_seconds(timeouts.get("update", "")),
            delete=_seconds(timeouts.get("delete", "")),
        ),
        parent=resource.parent,
    )


_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0}


def _seconds(duration: str) -> float:
    """A duration such as `3h` or `1h30m` in seconds."""
    total, digits = 0.0, ""
    for character in duration:
        if character in _UNITS and digits:
            total += float(digits) * _UNITS[character]
            digits = ""
        else:
            digits += character
    return total


def _provider(run: Run, resource: Registration) -> Message:
    if reference := resource.options.get("provider"):
        urn = reference.rpartition("::")[0]
        provider = next((other for other in run.resources if other.urn == urn), None)
    elif _needs_default_provider(resource):
        provider = _default_provider(run, resource)
    else:
        provider = None
    if provider is None:
        return None
    return analyzer_pb2.AnalyzerProviderResource(
        urn=provider.urn, type=provider.type, name=provider.name, properties=_struct(provider.inputs)
    )


def analyze_request(run: Run, resource: Registration) -> Message:
    """The request to remediate or to analyze one resource, on its inputs."""
    return analyzer_pb2.AnalyzeRequest(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=_struct(resource.inputs),
        options=_options(resource),
        provider=_provider(run, resource),
    )


def analyze_stack_request(run: Run, resources: list[Registration]) -> Message:
    """The request to analyze the whole stack, on the outputs of its resources."""
    return analyzer_pb2.AnalyzeStackRequest(
        resources=[
            analyzer_pb2.AnalyzerResource(
                urn=resource.urn,
                type=resource.type,
                name=resource.name,
                properties=_struct(resource.outputs),
                options=_options(resource),
                provider=_provider(run, resource),
                parent=resource.parent,
                dependencies=resource.options.get("dependsOn", ()),
                propertyDependencies={
                    key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                    for key, urns in resource.options.get("propertyDependencies", {}).items()
                },
            )
            for resource in resources
        ]
    )
