# Spanish as organisers in the United States write it: usted, and words for people of any gender.
# BEGINS_WITH_I(text) is "yes" before the sound that turns "y" into "e". The other functions and
# the variables are those of en.ftl.

## Listas, y lo que varias frases comparten

list-more = { $first }, { $next }
list-last =
    { BEGINS_WITH_I($last) ->
        [yes] { $first } e { $last }
       *[no] { $first } y { $last }
    }
sentence = { CAPITAL($text) }.
someone-else = alguien más

## Hace cuánto tiempo

ago-now = hace un momento
ago-minutes =
    { $count ->
        [one] hace { $count } minuto
       *[other] hace { $count } minutos
    }
ago-hours =
    { $count ->
        [one] hace { $count } hora
       *[other] hace { $count } horas
    }
ago-days =
    { $count ->
        [one] hace { $count } día
       *[other] hace { $count } días
    }

## Quién va a una puerta que varias personas pueden haber apartado

claim-own = Esta puerta le toca a usted.
claim-own-and-others =
    Esta puerta le toca a usted. { $count ->
        [one] { CAPITAL($names) } también la apartó, después de usted.
       *[other] { CAPITAL($names) } también la apartaron, después de usted.
    }
claim-lost = { CAPITAL($name) } apartó esta puerta antes que usted. Lo que usted anote aquí cuenta de todos modos.
claim-other = Esta puerta le toca a { $name }.

## En qué no están de acuerdo

conflict-you = usted
conflict-file = un archivo
conflict-wrote = { $who } anotó: { $value }
conflict-says = { $who } dice: { $value }
conflict-took-back = { $who } retiró la respuesta
conflict-question = ¿Cuál es la información correcta?

## Dónde está el trabajo de un teléfono

status-phone-alone = Todo está guardado en este teléfono.
status-all-safe = Todo lo que usted anotó ya está a salvo en la campaña.
status-at-campaign =
    { $count ->
        [one] { $count } cambio ya está a salvo en la campaña.
       *[other] { $count } cambios ya están a salvo en la campaña.
    }
status-on-another-phone =
    { $count ->
        [one] { $count } cambio está guardado, y también en otro teléfono.
       *[other] { $count } cambios están guardados, y también en otro teléfono.
    }
status-on-this-phone =
    { $count ->
        [one] { $count } cambio está guardado, pero solo en este teléfono.
       *[other] { $count } cambios están guardados, pero solo en este teléfono.
    }
status-not-joined = Este teléfono todavía no se ha unido a la campaña.
status-lists-closed =
    { $count ->
        [one] { $count } lista se cerró en este teléfono: volverá con la próxima sincronización.
       *[other] { $count } listas se cerraron en este teléfono: volverán con la próxima sincronización.
    }
status-set-aside =
    { $count ->
        [one] { $count } cambio necesita atención: la campaña lo conserva, pero no pudo usarlo.
       *[other] { $count } cambios necesitan atención: la campaña los conserva, pero no pudo usarlos.
    }
status-conflicts =
    { $count ->
        [one] Hay desacuerdo en { $count } lugar.
       *[other] Hay desacuerdo en { $count } lugares.
    }

## Por qué la campaña no pudo usar un cambio

set-aside-unreadable = La campaña no pudo leer esto. Lo intentará de nuevo después de su próxima actualización.
set-aside-unknown-entity = La campaña todavía no conoce esta puerta o a esta persona.
set-aside-unknown-question = La campaña no tiene la pregunta que esto contesta.
set-aside-not-their-list = Esta puerta no está en ninguna lista que se le haya dado a usted.
set-aside-not-theirs = Solo la campaña puede escribir esto.
set-aside-too-late = Esto llegó más de dos semanas después de que se cerró la lista. Alguien de la campaña decidirá.
set-aside-unknown = La campaña no pudo usar esto, por un motivo que esta aplicación todavía no conoce.

## El camino hacia las próximas puertas

walk-set-out = camine hacia el { $heading } por { $way } unos { $length }
walk-ahead = siga por { $way } unos { $length }
walk-left = doble a la izquierda por { $way } y siga unos { $length }
walk-right = doble a la derecha por { $way } y siga unos { $length }
walk-back = dé la vuelta y regrese por { $way } unos { $length }
walk-cross = cruce { $way }
walk-stairs = tome las escaleras
walk-straight = vaya hacia el { $heading } unos { $length }, en línea recta porque aquí no se conoce ninguna calle
walk-then = { $way }, y luego { $doors }
walk-path = el sendero
walk-street = la calle
walk-doors =
    { $count ->
        [one] { $count } puerta
       *[other] { $count } puertas
    }
walk-doors-left = { $doors } a la izquierda
walk-doors-right = { $doors } a la derecha
walk-doors-even = { $doors }, lado de los números pares
walk-doors-odd = { $doors }, lado de los números impares
walk-doors-numbers = { $doors }: { $numbers }
walk-numbers-from-to = del { $first } al { $last }
walk-numbers-from-to-street = del { $first } al { $last } de { $street }
walk-numbers-street = { $numbers } { $street }
length-metres = { $amount } metros
length-feet = { $amount } pies
heading-north = norte
heading-north-east = noreste
heading-east = este
heading-south-east = sureste
heading-south = sur
heading-south-west = suroeste
heading-west = oeste
heading-north-west = noroeste

## Resultados

result-contacted = Hubo conversación
result-not-home = Nadie en casa
result-refused = No quiso hablar
result-moved = Se mudó
result-deceased = Falleció
result-inaccessible = No se pudo llegar
result-no-such-address = No existe esa puerta
result-language-barrier = Sin idioma en común
result-come-back = Volver más tarde
result-hostile = Trato hostil
result-left-literature = Se dejó un folleto
result-wrong-person = Ahí vive otra persona
result-do-not-contact = Pidió que no se le contacte
result-vacant = Vivienda desocupada
result-not-residential = No es una vivienda
result-busy = Línea ocupada
result-disconnected = Número fuera de servicio
result-wrong-number = Número equivocado
result-call-back = Volver a llamar
result-do-not-call = Pidió que no se le llame
result-do-not-text = Pidió que no se le manden mensajes de texto
result-left-message = Se dejó un mensaje

## Maneras de comunicarse con alguien

channel-door = En la puerta
channel-phone = Por teléfono
channel-text = Por mensaje de texto
channel-email = Por correo electrónico
closed-all = No contacte a esta persona.
closed-phone = No llame a esta persona.
closed-text = No envíe mensajes de texto a esta persona.
closed-email = No envíe correos electrónicos a esta persona.

## Cómo se llega a una puerta

access-open = Aquí no hay nada que estorbe.
access-gate = Hay un portón que abrir, o un timbre que tocar antes.
access-dog = Aquí hay un perro suelto.
access-locked = La entrada está cerrada con llave.

## Lo que la gente puede querer de una campaña

ask-volunteer = Ser voluntario o voluntaria
ask-yard-sign = Letrero para el jardín
ask-pledge-to-vote = Compromiso de votar
ask-ride-to-polls = Transporte para ir a votar
ask-contact-me = Quiere que se le contacte
ask-wanted = { $ask }: sí.
ask-declined = { $ask }: dijo que no.
ask-done = { $ask }: hecho.
ask-only-consent = { $ask }: no se dijo.
ask-conflicted = No todos anotaron lo mismo.
ask-agreed = Aceptó que se le contacte { $channels }.
ask-not-agreed = No ha aceptado que se le contacte por esto.
ask-withdrawn = Retiró su permiso para que se le contacte.
by-door = en la puerta
by-phone = por teléfono
by-text = por mensaje de texto
by-email = por correo electrónico

## Cuándo volver a una puerta

come-back-not-yet = Vuelva dentro de { $time }, no antes.
come-back-open = Le esperan ahora: el plazo termina dentro de { $time }.
come-back-over = Ya pasó el plazo para volver.
come-back-kept = Alguien ya volvió, como se acordó.
lasting-minutes =
    { $count ->
        [one] { $count } minuto
       *[other] { $count } minutos
    }
lasting-hours =
    { $count ->
        [one] { $count } hora
       *[other] { $count } horas
    }
lasting-days =
    { $count ->
        [one] { $count } día
       *[other] { $count } días
    }

## Lo que la pantalla dice alrededor de una pregunta

question-place = Pregunta { $number } de { $count }.
question-required = La respuesta es obligatoria.
question-single = Elija una respuesta.
question-multiple = Elija una o más respuestas.
question-integer = Conteste con un número entero.
question-decimal = Conteste con un número.
question-from-to = De { $min } a { $max }.
question-at-least = { $min } o más.
question-at-most = { $max } o menos.
question-text = Conteste con palabras, en { $count } caracteres como máximo.
question-scale = Elija un número del { $min } al { $max }.
question-scale-end = { $number } significa: { $meaning }.
question-date = Conteste con una fecha.
question-acknowledge = Confirme para seguir.

## Qué tiene de malo una respuesta

answer-unknown-question = Este guion no tiene esa pregunta.
answer-wrong-kind = Esta pregunta lleva otro tipo de respuesta.
answer-unknown-option = Esta pregunta no tiene esa respuesta.
answer-empty = La respuesta está vacía.
answer-not-finite = Esto no es un número.
answer-not-whole = Tiene que ser un número entero.
answer-too-small = Tiene que ser { $min } o más.
answer-too-large = Tiene que ser { $max } o menos.
answer-too-long =
    { $count ->
        [one] Tiene que caber en { $count } carácter como máximo.
       *[other] Tiene que caber en { $count } caracteres como máximo.
    }
answer-not-a-date = Esto no es un día del calendario.
answer-not-asked = Por las demás respuestas, esta pregunta no se hace.
answer-option-not-offered = Por las demás respuestas, esta respuesta no se ofrece.
answer-constraint-broken = Esta respuesta no va con la pregunta.
answer-required = Esta pregunta tiene que contestarse.

## Qué no funcionó, y qué hacer

trouble-input = Esto no se puede guardar así. Cámbielo e inténtelo de nuevo.
trouble-result = Este resultado no corresponde aquí. Elija otro.
trouble-doors = Estas puertas no se pueden anotar juntas. Elija menos puertas e inténtelo de nuevo.
trouble-people = Estas personas no corresponden a esta puerta. Vuelva a la puerta y elija de nuevo.
trouble-empty = No hay nada escrito. Escriba algo e inténtelo de nuevo.
trouble-too-long = Este texto es demasiado largo. Acórtelo e inténtelo de nuevo.
trouble-ask = La campaña no pide esto. Elija otra cosa.
trouble-channel = Elija por lo menos una manera de comunicarse con esta persona.
trouble-window = Esta hora no sirve. Elija una hora o un día dentro del próximo año.
trouble-undo = Usted solo puede retirar lo que anotó en el último día. Pida a la campaña que lo corrija.
trouble-nothing-to-undo = Aquí ya no queda nada que retirar. Vuelva a mirar la puerta.
trouble-answer = Esta respuesta no corresponde a la pregunta. Dé otra.
trouble-invitation = Esto no es una invitación a una campaña. Pida una nueva a la campaña.
trouble-insecure-server = Esta invitación lleva a un servidor sin protección. No la use, y avise a la campaña.
trouble-bundle = Esto no viene de un teléfono de su campaña. Pida que se lo muestren de nuevo en el otro teléfono.
trouble-bundle-too-large = Esto es demasiado para mostrarlo en la pantalla. Entréguelo como archivo.
trouble-streets = Estas calles no se pueden leer. Pídalas de nuevo a la campaña.
trouble-too-little-time = El camino de ida y vuelta tarda más que eso. Dé más minutos.
trouble-codes = La lista de códigos de resultados no se puede usar. Pida a la campaña que la corrija.
trouble-file = Este archivo no se puede leer. Pida que lo corrijan y vuelva a importarlo.
trouble-file-row = Este archivo no se puede leer en la fila { $row }. Pida que lo corrijan y vuelva a importarlo.
trouble-script = Las preguntas de la campaña no se pueden usar. Pida a la campaña que las corrija.
trouble-cancelled = Se detuvo, y nada se guardó. Empiece de nuevo cuando quiera.
trouble-not-found = Esto ya no está en este teléfono. Vuelva atrás y mire de nuevo.
trouble-not-yours = Solo la campaña puede cambiar esto. Diga a la campaña qué habría que cambiar.
trouble-no-campaign = Este teléfono todavía no se ha unido a una campaña. Primero escanee su invitación.
trouble-already-in-campaign = Este teléfono ya pertenece a una campaña. Siga con ella, o pregunte a la campaña.
trouble-not-arrived = Esta lista todavía no ha llegado. Vaya adonde haya red, y sincronice.
trouble-list-closed = Esta lista se cerró en este teléfono. Lo que usted anotó se conserva. Sincronice para recibir la lista otra vez.
trouble-list-taken-back = La campaña retiró esta lista. Lo que usted anotó todavía llega a la campaña: sincronice una vez más.
trouble-try-later = Este teléfono no se ha desbloqueado desde que se encendió. Desbloquéelo e inténtelo de nuevo.
trouble-key-lost = Se perdió la clave de lo que está guardado en este teléfono. No borre la aplicación, y llame a la campaña.
trouble-damaged = Lo que está guardado en este teléfono está dañado. No borre la aplicación, y llame a la campaña.
trouble-newer = Lo que está guardado en este teléfono es de una aplicación más nueva. Actualice la aplicación.
trouble-full = No queda espacio en este teléfono. Libere espacio e inténtelo de nuevo.
trouble-forbidden = La aplicación no puede guardar nada en este teléfono. Reinicie el teléfono, y llame a la campaña si vuelve a pasar.
trouble-in-use = La aplicación está abierta dos veces. Cierre la otra e inténtelo de nuevo.
trouble-closed = La campaña está cerrada en este teléfono. Abra la aplicación otra vez.
trouble-defect = Algo falló en la aplicación. Lo que usted guardó está a salvo. Inténtelo de nuevo, y avise a la campaña si vuelve a pasar.
trouble-stopped = Algo falló en la aplicación. Lo que usted guardó está a salvo. Cierre la aplicación y ábrala otra vez.
## Puertas y listas en una pantalla

address-line = { $number } { $street }
address-unit = { $line }, unidad { $unit }
address-named-unit = { $line }, { $unit }
address-place = { $town } { $zip }
door-not-knocked = Todavía nadie tocó.
door-begun = Una conversación empezó { $ago }.
door-knocked = { $result }, { $ago }.
door-people =
    { $count ->
        [one] { $count } persona.
       *[other] { $count } personas.
    }
door-units = { $count } viviendas detrás de una puerta.
door-expected = Alguien le espera ahora.
door-come-back-later = Vuelva más tarde.
door-come-back-over = Ya pasó la hora de volver.
doors-done =
    { $done ->
        [one] { CAPITAL($doors) }, { $done } hecha.
       *[other] { CAPITAL($doors) }, { $done } hechas.
    }
next-stop = Próxima parada: { $doors }.
floor-number = Piso { $number }
floor-unknown = Piso desconocido
floor-open = { $floor }: quedan { $open } de { $count } por tocar.
list-number = Lista { $number }
list-title = Lista { $number }: { $name }
list-progress =
    { $count ->
        [one] { $done } de { $count } puerta hecha, quedan { $left }.
       *[other] { $done } de { $count } puertas hechas, quedan { $left }.
    }
list-contacted =
    { $count ->
        [one] Se habló con alguien en { $count } puerta.
       *[other] Se habló con alguien en { $count } puertas.
    }
list-waiting =
    { $count ->
        [one] A { $count } puerta hay que volver más tarde.
       *[other] A { $count } puertas hay que volver más tarde.
    }

## Las personas, y lo que pasó antes en una puerta

person-name = { $given } { $family }
person-nameless = Nombre desconocido
person-born = Año de nacimiento: { $year }.
person-met = Se conoció en la puerta.
person-speaks = Prefiere un idioma que usted no habla: { $language }.
person-answers =
    { $count ->
        [one] { $count } respuesta.
       *[other] { $count } respuestas.
    }
person-do-not-contact = Pidió que no se le contacte.
person-deceased = Falleció.
person-exempt = No se debe contactar: es un registro exento.
person-moved = Ahora vive en otro lugar.
person-voted = Ya votó.
history-by = { CAPITAL($who) }, { $ago }
history-knock = { $by }: { $what }.
history-person = { $name }: { $result }
history-literature = dejó un folleto
history-nothing = una conversación sin resultado
notice-double-knock = { CAPITAL($names) } tocaron aquí con pocas horas de diferencia, { $ago }.
notice-written-on = { CAPITAL($names) }: se retiró algo sobre lo que la otra persona ya había anotado. Lo anotado se queda. { CAPITAL($ago) }.
notice-answer-went = { CAPITAL($names) }: se retiró una visita, y con ella una respuesta de la otra persona. { CAPITAL($ago) }.
notice-met-twice = { CAPITAL($names) } agregaron a alguien con el mismo nombre, { $ago }.
notice-access-differs = No todos dicen lo mismo de cómo se llega a esta puerta: { $names }, { $ago }.
notice-reached-though = A alguien de aquí se le llamó o se le escribió después de pedir que no: { $names }, { $ago }.
notice-proposal = Propuesta de { $names }: { $value }.
warn-do-not-contact = Este hogar pidió que no se le contacte. No toque.
warn-do-not-knock = No toque: aquí no se debe hablar con nadie.
conflict-about = { $name }: { $what }
conflict-phone = Número de teléfono
conflict-email = Correo electrónico
conflict-field = Lo que dice un archivo

## Cómo salió un intercambio

sync-complete = Todo se intercambió con la campaña.
sync-no-server = Esta campaña vive solo en este teléfono: no hay nada que intercambiar.
sync-offline = Ahora no se puede llegar a la campaña. Todo sigue a salvo en este teléfono y se enviará más tarde.
sync-trouble = El servidor de la campaña pide paciencia. Todo sigue a salvo en este teléfono y se enviará más tarde.
sync-not-enrolled = La campaña ya no reconoce este teléfono. Nada se perdió. Pida otra invitación.
sync-invitation-refused = Esta invitación ya se usó, venció o no es correcta. Pida otra.
sync-refused = El servidor de la campaña no entiende esta versión de la aplicación. Actualice la aplicación.
sync-sent =
    { $count ->
        [one] Le llegó { $count } cambio.
       *[other] Le llegaron { $count } cambios.
    }
sync-received =
    { $count ->
        [one] Llegó { $count } cambio de otras personas.
       *[other] Llegaron { $count } cambios de otras personas.
    }
sync-last = Último intercambio con la campaña: { $ago }.
sync-never = Todavía no hubo ningún intercambio con la campaña.
bundle-new =
    { $count ->
        [one] Se recibió { $count } cambio de otro teléfono.
       *[other] Se recibieron { $count } cambios de otro teléfono.
    }
bundle-known = Todo lo que traía ya estaba aquí.
bundle-refused =
    { $count ->
        [one] { $count } parte no se pudo usar.
       *[other] { $count } partes no se pudieron usar.
    }
